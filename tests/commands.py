"""The command as a person runs it: a real process, or one forked off a process that has everything imported.

Starting Python and importing takes 0.3 s; a fork takes a few milliseconds and runs the same `main`.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAM = (sys.executable, "-c", "from streamstat.cli import main; main()")
TIMEOUT_S = 60.0  # a hang is a failure, not a wait
OUT = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> str:
        return self.stdout.decode("utf-8", "backslashreplace")

    @property
    def err(self) -> str:
        return self.stderr.decode("utf-8", "backslashreplace")


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Nothing of the machine's own that could show: no colour, no width, no zone."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ
    }
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "Asia/Seoul", **(more or {})}


def start(arguments: Sequence[str], cwd: Path | None = None, **options: object) -> "subprocess.Popen[bytes]":
    """A process of its own, with pipes on all three streams unless `options` say otherwise."""
    streams: dict[str, object] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    chosen = {**streams, "env": environment(), **options}
    return subprocess.Popen([*PROGRAM, *arguments], cwd=cwd, **chosen)  # type: ignore[call-overload, no-any-return]


def run(arguments: Sequence[str], data: bytes = b"", cwd: Path | None = None, **options: object) -> Ended:
    """A process of its own, run to its end."""
    process = start(arguments, cwd, **options)
    try:
        stdout, stderr = process.communicate(data, TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Ended(process.returncode, stdout or b"", stderr or b"")


class Forks:
    """Runs commands, each in a fork of one process that has imported everything."""

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.stdin.close()  # type: ignore[union-attr]
        self._server.wait(TIMEOUT_S)
        self._server.stdout.close()  # type: ignore[union-attr]

    def run(self, arguments: Sequence[str], data: bytes, cwd: Path, streams: Path) -> Ended:
        """Run in `cwd`; what goes in and comes out passes through files in the folder `streams`."""
        (streams / "0").write_bytes(data)
        request = {"arguments": list(arguments), "cwd": str(cwd), "streams": str(streams)}
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(json.dumps(request).encode() + b"\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        return Ended(int(answer), (streams / "1").read_bytes(), (streams / "2").read_bytes())


def serve() -> None:
    """Answer each request line on stdin with the exit code of its command."""
    requests, answers = os.fdopen(os.dup(0)), os.dup(1)
    _import_everything()
    for line in requests:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(request)
            return
        _, status = os.waitpid(child, 0)
        os.write(answers, b"%d\n" % os.waitstatus_to_exitcode(status))


def _import_everything() -> None:
    import datasketch  # noqa: F401
    import hdrh.histogram  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import streamstat.aggregates
    import streamstat.cli
    import streamstat.command
    import streamstat.narrow
    import streamstat.sinks.csv
    import streamstat.sinks.ndjson
    import streamstat.sinks.parquet
    import streamstat.sinks.table
    import streamstat.windows
    from streamstat.errors import UsageError
    from streamstat.registry import load, names

    for folder in (streamstat.aggregates, streamstat.windows):
        for name in names(folder):
            load(folder, name)
    # typer imports what it checks options with when it meets the first one.
    with suppress(UsageError):
        streamstat.cli.app(["run", "--threads", "1", "--window", "none"], standalone_mode=False)


def _become(request: Mapping[str, object]) -> None:
    """Turn this fork into the command."""
    from streamstat.cli import main

    streams = Path(str(request["streams"]))
    for number, mode in ((0, os.O_RDONLY), (1, OUT), (2, OUT)):
        descriptor = os.open(streams / str(number), mode, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(str(request["cwd"]))
    arguments = request["arguments"]
    assert isinstance(arguments, list)
    sys.argv = ["streamstat", *arguments]
    signal.alarm(int(TIMEOUT_S))
    code = 70
    try:
        main()
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve()
