"""Decompression on the way: a source around a source, in constant memory."""

from streamstat.common.errors import InputError, ReadWriteError
from streamstat.input.limits import MAX_EXPANSION
from streamstat.input.sources import Source
from streamstat.input.sources.codecs import Codec, Member, codecs_that_begin, is_begun

_MAGIC_BYTES = 10  # of any compressed format
_READ_BYTES = 1 << 17
_DECODED_BYTES = 1 << 20  # decoded at once; after each piece the interpreter's lock is waited for
_EXPANSION_COUNTS_FROM = 64 << 20


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
        rest = self._unread[self._at : self._at + _MAGIC_BYTES]
        if rest.startswith(b"\0") and self._given:
            self._unread, self._at = self._unread[self._at :].lstrip(b"\0"), 0
            rest = self._unread[:_MAGIC_BYTES]
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
