"""Decompression on the way: a source around a source, told by first bytes, in constant memory."""

from streamstat.common.errors import InputError, ReadWriteError
from streamstat.input.limits import MAX_EXPANSION
from streamstat.input.sources import Source
from streamstat.input.sources.codecs import Codec, Member, codecs_that_begin, is_begun
from streamstat.input.sources.descriptors import RegularSource

_HEAD_BYTES = 10  # the longest first bytes of any format
_READ_BYTES = 1 << 17
_DECODED_BYTES = 1 << 20  # decoded at once; after each piece the interpreter's lock is waited for
_EXPANSION_COUNTS_FROM = 64 << 20


class DetectingSource:
    """A source whose bytes are decompressed if their first ones say so; else they are given as they are.

    The first `position` bytes of what comes out are skipped.
    """

    def __init__(
        self, source: Source, name: str, max_expansion: int = MAX_EXPANSION, position: int = 0
    ) -> None:
        self._source, self._name, self._max_expansion = source, name, max_expansion
        self._to_skip = position
        self._head = b""
        self._decided: Source | None = None

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def read_now(self, target: memoryview) -> int | None:
        if self._decided is None:
            self._decided = self._decide()
        if self._decided is None:
            return None
        if self._to_skip:
            if not (n := self._decided.read_now(target[: self._to_skip])):
                return n
            self._to_skip -= n
            return None  # nothing yet, so that who waits for it can be stopped
        return self._decided.read_now(target)

    def wait(self) -> None:
        self._source.wait()

    def close(self) -> None:
        self._source.close()

    def _decide(self) -> Source | None:
        """Read just as many bytes as it takes: the first byte of an object is enough."""
        rest = bytearray(_HEAD_BYTES)
        while True:
            possible = codecs_that_begin(self._head)
            for codec in possible:
                if is_begun(codec, self._head):
                    replayed = _Replayed(self._head, self._source)
                    return CompressedSource(replayed, codec, self._name, self._max_expansion)
            if not possible:
                return self._plain()
            n = self._source.read_now(memoryview(rest)[: _HEAD_BYTES - len(self._head)])
            if n is None:
                return None
            if n == 0:
                return self._plain()
            self._head += rest[:n]

    def _plain(self) -> Source:
        """The bytes as they are; a file need not be read up to where its bytes are wanted."""
        if self._to_skip and isinstance(self._source, RegularSource):
            self._source.seek(self._to_skip)
            self._to_skip = 0
            return self._source
        return _Replayed(self._head, self._source)


class CompressedSource:
    """The decompressed bytes of all members of a compressed source; NUL padding behind them is skipped.

    Damage, truncation, foreign bytes after a member and bombs raise once all that precedes them was given.
    """

    def __init__(self, source: Source, codec: Codec, name: str, max_expansion: int = MAX_EXPANSION) -> None:
        self._source, self._codec, self._name, self._max_expansion = source, codec, name, max_expansion
        try:
            self._begin, self._damage = codec.load()
        except ImportError as error:
            hint = f"pip install {codec.package}"
            raise ReadWriteError(name, f"{codec.name} cannot be read without {error.name}", hint) from error
        self._member: Member | None = None
        self._read_buffer = memoryview(bytearray(_READ_BYTES))
        self._unread, self._at = b"", 0  # compressed bytes; those before `at` were given to a member
        self._given = self._decoded = 0

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def read_now(self, target: memoryview) -> int | None:
        while True:
            member = self._member or self._begin_member()
            if member is not None and (self._at < len(self._unread) or not member.needs_input):
                if decoded := self._step(member, min(len(target), _DECODED_BYTES)):
                    target[: len(decoded)] = decoded
                    return len(decoded)
                continue
            n = self._source.read_now(self._read_buffer)
            if n is None:
                return None
            if n == 0:
                return self._end()
            self._unread, self._at = self._unread[self._at :] + self._read_buffer[:n], 0

    def wait(self) -> None:
        self._source.wait()

    def close(self) -> None:
        self._source.close()

    def _begin_member(self) -> Member | None:
        """The next member, or None while the bytes that are there cannot say that it is one."""
        rest = self._unread[self._at : self._at + _HEAD_BYTES]
        if rest.startswith(b"\0") and self._given:
            self._unread, self._at = self._unread[self._at :].lstrip(b"\0"), 0
            rest = self._unread[:_HEAD_BYTES]
        if is_begun(self._codec, rest):
            self._member = self._begin()
        elif self._codec not in codecs_that_begin(rest):
            raise self._error(f"other bytes follow the {self._codec.name} data")
        return self._member

    def _step(self, member: Member, max_bytes: int) -> bytes:
        self._refuse_bombs()
        data = b""
        if member.needs_input:
            # Steps end at fixed places of the file, not where a pipe happened to deliver.
            step = self._codec.step_bytes - self._given % self._codec.step_bytes
            data = self._unread[self._at : self._at + step]
            self._at += len(data)
            self._given += len(data)
        try:
            decoded = member.decompress(data, max_bytes)
        except self._damage as error:
            raise self._error(f"damaged {self._codec.name} data ({error})") from error
        self._decoded += len(decoded)
        if member.eof:
            self._at -= len(member.unused_data)
            self._given -= len(member.unused_data)
            self._member = None
        return decoded

    def _refuse_bombs(self) -> None:
        allowed = max(_EXPANSION_COUNTS_FROM, self._max_expansion * self._given)
        if self._decoded > allowed:
            problem = f"expands more than {self._max_expansion} times, as a decompression bomb does"
            hint = "if you trust it, read it with a higher --max-expansion"
            raise InputError(self._name, problem, hint)

    def _end(self) -> int:
        if self._member is not None or self._at < len(self._unread):
            raise self._error(f"truncated {self._codec.name} data")
        return 0

    def _error(self, problem: str) -> ReadWriteError:
        hint = f"everything before that was read; {self._codec.name} -t FILE tells more"
        return ReadWriteError(self._name, problem, hint)


class _Replayed:
    """The first bytes again, then the source they were read from."""

    def __init__(self, head: bytes, source: Source) -> None:
        self._head, self._source = head, source

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def read_now(self, target: memoryview) -> int | None:
        if not self._head:
            return self._source.read_now(target)
        n = min(len(self._head), len(target))
        target[:n] = self._head[:n]
        self._head = self._head[n:]
        return n

    def wait(self) -> None:
        self._source.wait()

    def close(self) -> None:
        self._source.close()
