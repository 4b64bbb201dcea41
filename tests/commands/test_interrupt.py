"""A Ctrl-C while the program begins or ends: quiet, at whatever moment. Moments are planted, not waited for."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tools.commands import Ended, environment, run
from tools.minute_rows import FIRST, HEADER, LINES, SECOND

# At each import behind the program's first line, a fork of it gets the signal; what became of each is written down.
AT_IMPORTS = """
import os, signal, sys

class Planted:
    begun = False

    def find_spec(self, name, path=None, target=None):
        if self.begun and signal.getsignal(signal.SIGINT) in (signal.SIG_DFL, signal.default_int_handler):
            if (child := os.fork()) == 0:
                os.kill(os.getpid(), signal.SIGINT)
                os._exit(0)
            with open(os.environ["ENDED"], "a") as ended:
                print(name, os.waitpid(child, 0)[1], file=ended)
        self.begun = self.begun or name == "streamstat.__main__"

sys.meta_path.insert(0, Planted())
"""
AT_EXIT = """
import atexit, os, signal
atexit.register(os.kill, os.getpid(), signal.SIGINT)
"""


def planted(code: str, folder: Path, *arguments: str) -> Ended:
    """A run over two lines in a folder, with code that Python runs before anything else."""
    (folder / "sitecustomize.py").write_text(code)
    (folder / "work").mkdir()
    (folder / "work" / "in.ndjson").write_bytes(LINES)
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    more = {"PYTHONPATH": path, "ENDED": str(folder / "ended")}
    return run(["run", "in.ndjson", *arguments], cwd=folder / "work", env=environment(more))


def test_an_interrupt_at_any_import_ends_it_quietly_and_leaves_nothing(tmp_path: Path) -> None:
    ended = planted(AT_IMPORTS, tmp_path, "-o", "-", "-o", "r.csv", "--stats", "s.json", "--bad-file", "bad")
    assert ended == Ended(0, (HEADER + FIRST + SECOND).encode(), b"")
    found = [line.split() for line in (tmp_path / "ended").read_text().splitlines()]
    assert {name for name, status in found if int(status) != signal.SIGINT} == set()
    assert {"typer", "numpy", "streamstat.cli", "streamstat.commands.run"} <= {name for name, _ in found}
    assert sorted(each.name for each in (tmp_path / "work").iterdir()) == [
        "bad",
        "in.ndjson",
        "r.csv",
        "s.json",
    ]


def test_an_interrupt_behind_the_end_changes_nothing(tmp_path: Path) -> None:
    assert planted(AT_EXIT, tmp_path) == Ended(0, (HEADER + FIRST + SECOND).encode(), b"")


def test_the_library_leaves_signals_alone() -> None:
    code = """
import signal
before = signal.getsignal(signal.SIGINT)
import streamstat, streamstat.api, streamstat.cli
streamstat.run(streamstat.Plan(), b'{"ts": 1}')
assert signal.getsignal(signal.SIGINT) is before
"""
    subprocess.run([sys.executable, "-c", code], check=True, env=environment())
