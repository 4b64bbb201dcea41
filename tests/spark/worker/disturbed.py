"""Tasks of tests, which executors import beside those of the package: they die, wait, or tell where they run."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa


def dying(text: str) -> Callable[[Any], Iterator[Any]]:
    """Reads as `mapping` does; the first task of all has given its pieces when its worker, or executor, is killed."""
    flag, whom, given = json.loads(text)

    def read(batches: Any) -> Iterator[Any]:
        from streamstat.runners.spark.mapping import mapping

        yield from mapping(given)(batches)
        victim = os.getpid() if whom == "worker" else _parent(os.getppid())
        if _is_first(flag, Path(f"/proc/{victim}/comm").read_text()):
            os.kill(victim, signal.SIGKILL)

    return read


def waiting(text: str) -> Callable[[Any], Iterator[Any]]:
    """Tells through a pipe that it has begun, and never ends."""

    def read(batches: Any) -> Iterator[Any]:
        Path(text).write_bytes(b"begun")
        signal.pause()
        yield from batches

    return read


def whereabouts(text: str) -> Callable[[Any], Iterator[Any]]:
    """The file of the package, and of its native module."""

    def read(batches: Any) -> Iterator[Any]:
        import streamstat
        from streamstat.kernels import _native

        for _ in batches:
            files = [str(streamstat.__file__), str(_native.__file__)]
            yield pa.record_batch([pa.array(files)], names=["file"])

    return read


def _is_first(flag: str, what: str) -> bool:
    """Whether nobody has written the file yet, which is there from now on."""
    try:
        with Path(flag).open("x") as written:
            written.write(what)
    except FileExistsError:
        return False
    return True


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
