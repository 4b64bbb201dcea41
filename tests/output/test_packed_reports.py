"""Compressed reports: what others read of them, what their bytes depend on, and what a file name says."""

import bz2
import doctest
import gzip
import lzma
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tools.packers import zstd
from tools.sink_runs import Memory

from streamstat.common.errors import UsageError
from streamstat.output import suffixes
from streamstat.output.packing import PACKINGS, PIECE_BYTES, Members, PackedTarget, Packing
from streamstat.output.suffixes import kind_of

READERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".zst": zstd.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
}
TEXT = b"".join(b"%d,%x\n" % (i, i * i * 7919) for i in range(40_000))


def packed(suffix: str, pieces: list[bytes]) -> bytes:
    memory = Memory()
    target = PackedTarget(memory, Members(PACKINGS[suffix]))
    target.open()
    for piece in pieces:
        target.write(piece)
    target.publish()
    assert memory.state == "published"
    return memory.data


def cut(text: bytes, most: int) -> list[bytes]:
    """The text in pieces of any length up to `most`."""
    random_, pieces = random.Random(most), []
    while text:
        size = random_.randrange(1, most + 1)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


@pytest.mark.parametrize("suffix", PACKINGS)
def test_bytes_depend_on_the_text_alone(suffix: str) -> None:
    whole = packed(suffix, [TEXT])
    assert len(TEXT) > 4 * PIECE_BYTES
    assert READERS[suffix](whole) == TEXT
    assert all(packed(suffix, cut(TEXT, most)) == whole for most in (1000, PIECE_BYTES, 3 * PIECE_BYTES))


@pytest.mark.parametrize("suffix", PACKINGS)
def test_members_behind_each_other_are_one_text(suffix: str) -> None:
    members = Members(PACKINGS[suffix])
    data = members.end()
    assert READERS[suffix](data) == b""
    for text in (b"a\n", b"b\n"):
        data += members.add(text)
        assert members.is_open
        data += members.end()
        assert not members.is_open
    assert READERS[suffix](data) == b"a\nb\n"


def test_gzip_holds_neither_a_name_nor_a_time() -> None:
    data = packed(".gz", [b"a\n"])
    assert (data[3], data[4:8]) == (0, bytes(4))


def test_zstd_holds_a_checksum() -> None:
    damaged = bytearray(packed(".zst", [TEXT]))
    damaged[-1] ^= 1
    with pytest.raises(zstd.ZstdError, match="checksum"):
        zstd.decompress(bytes(damaged))


def test_what_compresses_may_be_missing() -> None:
    def load() -> Callable[[], bz2.BZ2Compressor]:
        raise ImportError

    with pytest.raises(UsageError, match="zstd takes backports"):
        Members(Packing("zstd", load, "backports.zstd"))


@pytest.mark.parametrize("inner", [".csv", ".tsv", ".ndjson", ".jsonl", ".json"])
@pytest.mark.parametrize("suffix", PACKINGS)
def test_text_of_every_format_is_compressed(inner: str, suffix: str) -> None:
    kind = kind_of(f"a.b{inner}{suffix.upper()}")
    assert (kind.format, kind.packing) == (kind_of(f"a{inner}").format, PACKINGS[suffix])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "r.parquet.zst",
            "'r.parquet.zst' would be compressed twice, as Parquet is inside; end its name in .parquet",
        ),
        (
            "r.prom.gz",
            "'r.prom.gz' could not be read, as a node exporter takes plain text only; end its name in .prom",
        ),
        ("r.gz", "'r.gz' does not say its format; name both, as in r.csv.gz"),
        ("r.txt.xz", "'r.txt.xz' does not say its format; name both, as in r.txt.csv.xz"),
        ("r.csv.zip", "'r.csv.zip' does not say its format; name it r.csv, or compressed"),
        ("csv", "'csv' does not say its format; end it in .csv .tsv .parquet"),
    ],
)
def test_name_that_says_no_format_is_refused(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        kind_of(name)
    assert str(refused.value).startswith(f"--output: {said}")


def test_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(suffixes).failed == 0
