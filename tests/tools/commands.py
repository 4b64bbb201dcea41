"""The command as a person runs it: a real process, or one forked off a process that has everything imported.

Starting Python and importing takes 0.3 s; a fork takes a few milliseconds and runs the same `main`.
"""

import importlib
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PROGRAM = (sys.executable, "-m", "streamstat")
TIMEOUT_S = 60.0  # a hang is a failure, not a wait
TESTS = str(Path(__file__).parents[1])
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


def program(name: str, *arguments: str) -> list[str]:
    """One of the programs beside this one, in a process of its own."""
    begin = f"import runpy, sys; sys.path.insert(0, {TESTS!r}); runpy.run_module('tools.{name}', run_name='__main__')"
    return [sys.executable, "-c", begin, *arguments]


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
        # A process with a thread, as pyarrow's allocator has one, must not fork: once in some thousand times it hangs.
        one_thread = environment({"JE_ARROW_MALLOC_CONF": "background_thread:false"})
        self._server = subprocess.Popen(
            program("commands"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=one_thread
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.stdin.close()  # type: ignore[union-attr]
        self._server.wait(TIMEOUT_S)
        self._server.stdout.close()  # type: ignore[union-attr]

    def run(
        self,
        arguments: Sequence[str],
        data: bytes,
        cwd: Path,
        streams: Path,
        before: Sequence[object] = (),
        kill_after_s: float | None = None,
    ) -> Ended:
        """Run in `cwd`; what goes in and comes out passes through files in the folder `streams`.

        before: `module:function` and its arguments, called in the new process before the command. kill_after_s:
        SIGKILL if it still runs then.
        """
        for name, content in (
            ("0", data),
            ("1", b""),
            ("2", b""),
        ):  # a kill may come before the process makes its own
            (streams / name).write_bytes(content)
        request: dict[str, object] = {"arguments": list(arguments), "cwd": str(cwd), "streams": str(streams)}
        request |= {"before": list(before), "kill_after_s": kill_after_s}
        (code,) = self._ask(request)
        return Ended(code, (streams / "1").read_bytes(), (streams / "2").read_bytes())

    def run_together(
        self, times: int, arguments: Sequence[str], cwd: Path, streams: Path, before: Sequence[object]
    ) -> list[int]:
        """Run so many times at once; the exit codes.

        `before` gets the numbers of both ends of a pipe that all processes have: a reader who closes the writing
        end is at the end of the pipe when all others are gone.
        """
        (streams / "0").write_bytes(b"")
        request: dict[str, object] = {"arguments": list(arguments), "cwd": str(cwd), "streams": str(streams)}
        return self._ask(request | {"before": list(before), "kill_after_s": None, "times": times})

    def _ask(self, request: Mapping[str, object]) -> list[int]:
        assert self._server.stdin is not None and self._server.stdout is not None
        self._server.stdin.write(json.dumps(request).encode() + b"\n")
        self._server.stdin.flush()
        return [int(code) for code in self._server.stdout.readline().split()]


def serve() -> None:
    """Answer each request line on stdin with the exit code of its command."""
    requests, answers = os.fdopen(os.dup(0)), os.dup(1)
    _import_everything()
    for line in requests:
        request = json.loads(line)
        if "times" in request:
            os.write(answers, _answer(_together(request)))
            continue
        child = os.fork()
        if child == 0:
            _become(request)
            return
        if request["kill_after_s"] is not None:
            _kill_after(child, request["kill_after_s"])
        _, status = os.waitpid(child, 0)
        os.write(answers, _answer([os.waitstatus_to_exitcode(status)]))


def _together(request: Mapping[str, object]) -> list[int]:
    before, times = request["before"], request["times"]
    assert isinstance(before, list) and isinstance(times, int)
    reader, writer = os.pipe2(0)
    children = []
    for _ in range(times):
        child = os.fork()
        if child == 0:
            _become({**request, "before": [before[0], reader, writer, *before[1:]]})
        children.append(child)
    os.close(reader)
    os.close(writer)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _answer(codes: Sequence[int]) -> bytes:
    return b" ".join(b"%d" % code for code in codes) + b"\n"


def _kill_after(child: int, seconds: float) -> None:
    descriptor = os.pidfd_open(child)
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    if not waiting.poll(1000 * seconds):
        os.kill(child, signal.SIGKILL)
    os.close(descriptor)


def _import_everything() -> None:
    """All that any command may import: what is missing here every fork imports anew, for a tenth of a second."""
    import encodings.utf_16_le  # noqa: F401
    import gzip  # noqa: F401
    import tomllib  # noqa: F401

    import datasketch  # noqa: F401
    import hdrh.histogram  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import zlib_ng.zlib_ng  # noqa: F401

    import streamstat

    for module in pkgutil.walk_packages(streamstat.__path__, "streamstat."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    from streamstat.cli import answer
    from streamstat.common.errors import UsageError

    # typer imports what it checks options with when it meets the first one.
    with suppress(UsageError):
        answer(["run", "--threads", "1", "--window", "none"])


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
        if before := request["before"]:
            assert isinstance(before, list)
            module, _, name = before[0].partition(":")
            getattr(importlib.import_module(module), name)(*before[1:])
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
