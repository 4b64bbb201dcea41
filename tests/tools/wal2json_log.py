"""`pg_recvlogical` with wal2json at work: the log of changes as it comes out of a server."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools.commands import environment
from tools.postgres import Postgres

NAMED = ("include-xids=1", "include-timestamp=1")
PLACED = (*NAMED, "include-lsn=1")


def is_whole(log: bytes) -> bool:
    """Whether the last line of a log is the end of a transaction, or all of it."""
    last = log[log[:-1].rfind(b"\n") + 1 :]
    return last.endswith(b"}\n") and last.startswith((b'{"action":"C"', b'{"xid"', b'{"change"'))


class Recorder:
    """The process, and the lines that it has told."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def lines(self) -> Iterator[bytes]:
        """Lines as they come, until the process is at its end."""
        assert self._process.stdout is not None
        return iter(self._process.stdout.readline, b"")

    def until(self, mark: bytes) -> bytes:
        """All up to the transaction with this mark, which is whole."""
        told: list[bytes] = []
        for line in self.lines():
            told.append(line)
            if mark in b"".join(told[-2:]) and is_whole(line):
                return b"".join(told)
        raise AssertionError(f"pg_recvlogical has left without {mark!r}")


@contextmanager
def recorded(server: Postgres, slot: str, options: Sequence[str]) -> Iterator[Recorder]:
    """What a slot has from where it was last confirmed."""
    command = server.following(slot, options)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    try:
        yield Recorder(process)
    finally:
        process.kill()
        process.communicate()
