"""Inputs of the Python API: bytes, open binary streams, and iterables of pieces."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from streamstat.input.sources import Input, Stop, Stopped


class Readable(Protocol):
    """What a binary stream needs: `read(n)`; `readinto1`, `readinto` or `read1` are used where they exist."""

    def read(self, size: int, /) -> bytes | None: ...


def bytes_input(data: bytes | bytearray | memoryview, name: str = "<bytes>") -> Input:
    """Bytes in memory as an input."""
    return Input(name, lambda stop: MemorySource(data))


def pieces_input(pieces: Iterable[bytes], name: str = "<pieces>") -> Input:
    """An iterable as an input; each piece is processed as it comes, wherever it is cut."""
    return Input(name, lambda stop: PiecesSource(iter(pieces), stop))


def stream_input(stream: Readable, name: str | None = None) -> Input:
    """An open binary stream as an input; it is not closed."""
    return Input(name or str(getattr(stream, "name", "<stream>")), lambda stop: StreamSource(stream, stop))


class MemorySource:
    """Bytes that are all there."""

    def __init__(self, data: bytes | bytearray | memoryview) -> None:
        self.bytes_read = 0
        self._data = memoryview(data).cast("B")

    def read_now(self, target: memoryview) -> int | None:
        piece = self._data[self.bytes_read : self.bytes_read + len(target)]
        target[: len(piece)] = piece
        self.bytes_read += len(piece)
        return len(piece)

    def wait(self) -> None:
        return

    def close(self) -> None:
        self._data = memoryview(b"")


class PiecesSource:
    """Bytes that come in pieces; an empty piece is no end."""

    def __init__(self, pieces: Iterator[bytes], stop: Stop) -> None:
        self.bytes_read = 0
        self._pieces, self._stop = pieces, stop
        self._piece = memoryview(b"")
        self._ended = False

    def read_now(self, target: memoryview) -> int | None:
        n = min(len(self._piece), len(target))
        if n == 0:
            return 0 if self._ended else None
        target[:n] = self._piece[:n]
        self._piece = self._piece[n:]
        self.bytes_read += n
        return n

    def wait(self) -> None:
        if self._stop.asked:
            raise Stopped
        piece = next(self._pieces, None)
        self._ended = piece is None
        self._piece = memoryview(piece or b"").cast("B")

    def close(self) -> None:
        self._piece = memoryview(b"")


class StreamSource:
    """An open binary stream, of which nobody can tell beforehand whether a read will wait."""

    def __init__(self, stream: Readable, stop: Stop) -> None:
        self.bytes_read = 0
        self._stream, self._stop = stream, stop
        self._may_read = False
        self._had_nothing = False  # only a stream in non-blocking mode says so

    def read_now(self, target: memoryview) -> int | None:
        if not self._may_read:
            return None
        self._may_read = False
        n = _read_some(self._stream, target)
        self._had_nothing = n is None
        self.bytes_read += n or 0
        return n

    def wait(self) -> None:
        if self._stop.asked:
            raise Stopped
        if self._had_nothing and (descriptor := getattr(self._stream, "fileno", None)) is not None:
            self._stop.wait_for(descriptor())
        self._may_read = True

    def close(self) -> None:
        return


def _read_some(stream: Readable, target: memoryview) -> int | None:
    for name in ("readinto1", "readinto"):
        if (read_into := getattr(stream, name, None)) is not None:
            n: int | None = read_into(target)
            return n
    piece = getattr(stream, "read1", stream.read)(len(target))
    if piece is None:
        return None
    if isinstance(piece, str):
        raise OSError("the stream gives text, not bytes; open it with mode 'rb'")
    target[: len(piece)] = piece
    return len(piece)
