"""The compressed formats: their first bytes, and how one member of each is decoded step by step."""

import bz2
import lzma
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, cast

from streamstat.common.record import record

_MOST_DECODER_BYTES = 130 << 20  # `xz -9` asks for 65 MiB; a window of 128 MiB is the most that is served
_ZSTD_WINDOW_BITS = 27


class Member(Protocol):
    """One gzip member, bzip2 or xz stream, or zstd frame, being decoded."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


@record
class Codec:
    """A compressed format.

    magics: the ways it can begin, a set of byte values for each place. step_bytes: how much is given to the
    decoder at once; what it made in the very step that met damage is lost with bzip2, xz and zstd, so their
    steps are small. load: gives what begins a member, and what it raises on damage. package: what it takes.
    """

    name: str
    magics: tuple[tuple[bytes, ...], ...]
    step_bytes: int
    load: Callable[[], tuple[Callable[[], Member], type[Exception]]]
    package: str = ""


def codecs_that_begin(head: bytes) -> tuple[Codec, ...]:
    """The formats that may begin like this, also where the head is still shorter than their first bytes.

    >>> [codec.name for codec in codecs_that_begin(b"B")], codecs_that_begin(b"{")
    (['bzip2'], ())
    """
    return tuple(codec for codec in CODECS if any(_agrees(head, magic) for magic in codec.magics))


def is_begun(codec: Codec, head: bytes) -> bool:
    """Whether the head holds all the first bytes of this format."""
    return any(len(head) >= len(magic) and _agrees(head, magic) for magic in codec.magics)


def _agrees(head: bytes, magic: tuple[bytes, ...]) -> bool:
    return all(byte in allowed for byte, allowed in zip(head, magic, strict=False))


def _places(*parts: bytes) -> tuple[bytes, ...]:
    """One place for each byte of a part; a part that begins with "|" is one place for any of its bytes."""
    places: list[bytes] = []
    for part in parts:
        places += [part[1:]] if part.startswith(b"|") else [bytes([byte]) for byte in part]
    return tuple(places)


class _Inflater(Protocol):
    """What `decompressobj` gives, in zlib and in zlib-ng."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def copy(self) -> "_Inflater": ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _GzipMember:
    """zlib-ng's decoder, with the interface of the others, and with all that precedes damage."""

    def __init__(self, inflater: _Inflater, damage: type[Exception]) -> None:
        self._inflater, self._damage = inflater, damage
        self._rest = b""
        self._error: Exception | None = None
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inflater.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflater.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._error is not None:
            raise self._error
        data = self._rest + data
        before = self._inflater.copy()
        try:
            decoded = self._inflater.decompress(data, max_length)
        except self._damage as error:
            self._error, self.needs_input = error, False
            return self._up_to_damage(before, data, max_length)
        self._rest = self._inflater.unconsumed_tail
        # A full answer may have left more inside the decoder, even where it has taken all of its input.
        self.needs_input = not self._rest and len(decoded) < max_length
        return decoded

    def _up_to_damage(self, inflater: _Inflater, data: bytes, max_length: int) -> bytes:
        """What the bytes before the damaged one give; the output of the call that fails is thrown away."""
        decoded = bytearray()
        with suppress(self._damage):
            for i in range(len(data)):
                if len(decoded) == max_length:
                    break
                decoded += inflater.decompress(data[i : i + 1], max_length - len(decoded))
        return bytes(decoded)


def _load_gzip() -> tuple[Callable[[], Member], type[Exception]]:
    from zlib_ng import zlib_ng

    inflate = cast(Callable[[int], _Inflater], zlib_ng.decompressobj)  # its stubs know of no `copy`,
    damage = cast(type[Exception], zlib_ng.error)  # and not that this is a class

    def begin() -> Member:
        return _GzipMember(inflate(16 + zlib_ng.MAX_WBITS), damage)

    return begin, damage


def _load_bzip2() -> tuple[Callable[[], Member], type[Exception]]:
    return bz2.BZ2Decompressor, OSError


def _load_xz() -> tuple[Callable[[], Member], type[Exception]]:
    def begin() -> Member:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_DECODER_BYTES)

    return begin, lzma.LZMAError


def _load_zstd() -> tuple[Callable[[], Member], type[Exception]]:
    """Raises ImportError before Python 3.14 without the backport.

    pyarrow's stream was tried: a read of it does not return before it is full, so a slow pipe shows nothing.
    """
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    def begin() -> Member:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_BITS})

    return begin, zstd.ZstdError


CODECS = (
    Codec("gzip", (_places(b"\x1f\x8b"),), 1 << 17, _load_gzip, "zlib-ng"),
    Codec(
        "bzip2",
        # The block or end mark that follows keeps a line of text that begins with "BZh9" what it is.
        (_places(b"BZh", b"|123456789", b"1AY&SY"), _places(b"BZh", b"|123456789", b"\x17rE8P\x90")),
        1 << 8,
        _load_bzip2,
    ),
    Codec("xz", (_places(b"\xfd7zXZ\x00"),), 1 << 8, _load_xz),
    Codec(
        "zstd",
        # The second is a skippable frame, which parallel compressors write first.
        (_places(b"\x28\xb5\x2f\xfd"), _places(b"|" + bytes(range(0x50, 0x60)), b"\x2a\x4d\x18")),
        1 << 11,
        _load_zstd,
        "backports.zstd",
    ),
)
