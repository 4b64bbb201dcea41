"""What compresses, by the name of the format."""

import bz2
import codecs
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
from collections.abc import Callable

if sys.version_info >= (3, 14):
    from compression import zstd as zstd
else:
    from backports import zstd as zstd

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd.compress,
}


def zip_of(data: bytes) -> bytes:
    """A ZIP archive that holds these bytes as one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ndjson", data)
    return target.getvalue()


def tar_of(data: bytes) -> bytes:
    """A tar archive that holds these bytes as one file."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        entry = tarfile.TarInfo("logs/a.ndjson")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return target.getvalue()


def utf16_le(data: bytes) -> bytes:
    """A text as UTF-16 with its byte-order mark, little end first, as Windows writes it."""
    return codecs.BOM_UTF16_LE + data.decode().encode("utf-16-le")


def utf16_be(data: bytes) -> bytes:
    """The same, big end first."""
    return codecs.BOM_UTF16_BE + data.decode().encode("utf-16-be")
