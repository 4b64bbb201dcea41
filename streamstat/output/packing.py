"""Compressed reports: members, each of which can be read alone and behind others, and a target that takes them.

What is given in pieces of any size comes out alike: compressors look at pieces, so they get pieces of one size. And no
member holds a name or a time.
"""

import bz2
import lzma
import sys
from collections.abc import Callable
from typing import Protocol

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.output.sinks.files import Bytes, Target

PIECE_BYTES = 1 << 17
XZ_PRESET = 1  # the usual 6 makes half the size of it at a thirtieth of the speed, and takes 94 MiB


class Compressor(Protocol):
    """One member that is being made."""

    def compress(self, data: Bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


@record
class Packing:
    """A compressed format. load: gives what begins a member. package: what it takes."""

    name: str
    load: Callable[[], Callable[[], Compressor]]
    package: str = ""


class Members:
    """Bytes made into members of a compressed format, one after another."""

    def __init__(self, packing: Packing) -> None:
        try:
            self._begin = packing.load()
        except ImportError:
            hint = f"pip install {packing.package}"
            raise UsageError("--output", f"{packing.name} takes {packing.package}", hint) from None
        self._member: Compressor | None = None
        self._waiting = bytearray()

    @property
    def is_open(self) -> bool:
        """Whether a member is begun."""
        return self._member is not None

    def add(self, data: Bytes) -> bytes:
        """What comes out when these bytes go in."""
        self._member = self._member or self._begin()
        self._waiting += data
        whole = len(self._waiting) - len(self._waiting) % PIECE_BYTES
        pieces = [bytes(self._waiting[i : i + PIECE_BYTES]) for i in range(0, whole, PIECE_BYTES)]
        del self._waiting[:whole]
        return b"".join(map(self._member.compress, pieces))

    def end(self) -> bytes:
        """The rest of the member; a whole one of no bytes if none is begun."""
        member = self._member or self._begin()
        rest = bytes(self._waiting)
        self._member, self._waiting = None, bytearray()
        return member.compress(rest) + member.flush()


class PackedTarget:
    """Compresses what goes to another target, as one member."""

    def __init__(self, target: Target, members: Members) -> None:
        self._target, self._members = target, members

    def open(self) -> None:
        """Make ready."""
        self._target.open()

    def write(self, data: Bytes) -> None:
        """Append; what comes out may come later."""
        if packed := self._members.add(data):
            self._target.write(packed)

    def publish(self) -> None:
        """End the member and make it visible."""
        self._target.write(self._members.end())
        self._target.publish()

    def discard(self) -> None:
        """Take it all back."""
        self._target.discard()


def _load_gzip() -> Callable[[], Compressor]:
    from zlib_ng import zlib_ng

    return lambda: zlib_ng.compressobj(6, zlib_ng.DEFLATED, 16 + zlib_ng.MAX_WBITS)


def _load_bzip2() -> Callable[[], Compressor]:
    return bz2.BZ2Compressor


def _load_xz() -> Callable[[], Compressor]:
    return lambda: lzma.LZMACompressor(lzma.FORMAT_XZ, preset=XZ_PRESET)


def _load_zstd() -> Callable[[], Compressor]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    options: dict[int, int] = {zstd.CompressionParameter.checksum_flag: 1}
    return lambda: zstd.ZstdCompressor(options=options)


# By the endings that name them.
PACKINGS = {
    ".gz": Packing("gzip", _load_gzip, "zlib-ng"),
    ".zst": Packing("zstd", _load_zstd, "backports.zstd"),
    ".bz2": Packing("bzip2", _load_bzip2),
    ".xz": Packing("xz", _load_xz),
}
