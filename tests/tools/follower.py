"""A command that follows logs, as a process: it is waited for by what it says."""

import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.commands import TIMEOUT_S, start

OPTIONS = ("--follow", "-t", "ts", "--time-unit", "s")


@contextmanager
def following(folder: Path, *arguments: str, verb: str = "run") -> "Iterator[subprocess.Popen[bytes]]":
    process = start(
        [verb, *OPTIONS, *arguments], folder, bufsize=0
    )  # a line that is buffered cannot be waited for
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def next_line(process: "subprocess.Popen[bytes]") -> bytes:
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], TIMEOUT_S)[0]
    return process.stdout.readline()


def ended(process: "subprocess.Popen[bytes]", number: int) -> tuple[int, bytes, bytes]:
    """What a signal makes of it: exit code, and what it had still to say."""
    process.send_signal(number)
    out, err = process.communicate(timeout=TIMEOUT_S)
    return process.returncode, out, err
