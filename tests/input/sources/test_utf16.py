"""UTF-16 inputs, told by their byte-order mark: against Python's codec, however the bytes come."""

import codecs
import gzip
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.input_lines import in_pieces, oracle, read, text
from tools.packers import utf16_be, utf16_le

from streamstat.common.errors import ExitCode, ReadWriteError
from streamstat.input.sources.detecting import DetectingSource
from streamstat.input.sources.inputs import bytes_input, pieces_input
from streamstat.input.sources.memory import MemorySource

MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
halves = st.integers(0xD800, 0xDFFF).map(chr)
texts = st.text(st.characters() | halves | st.sampled_from('\n{}"\ufeff\U0001f600'), max_size=60)


def packed_as(codec: str, content: str) -> bytes:
    return MARKS[codec] + content.encode(codec, "surrogatepass")


class Slow(MemorySource):
    """Gives a few bytes at once, and nothing in between."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size, self._waits = size, False

    def read_now(self, target: memoryview) -> int | None:
        self._waits = not self._waits
        return None if self._waits else super().read_now(target[: self._size])


def given_by(source: DetectingSource, size: int) -> bytes:
    """All that a source gives, at most `size` bytes at once."""
    content, target = b"", memoryview(bytearray(size))
    while (n := source.read_now(target)) != 0:
        content += target[: n or 0]
    return content


@given(st.sampled_from(list(MARKS)), texts, st.integers(1, 9), st.integers(1, 9), st.integers(0, 20))
@settings(max_examples=300, deadline=None)
def test_content_is_that_of_pythons_codec_however_it_comes_and_is_taken(
    codec: str, content: str, piece: int, size: int, position: int
) -> None:
    packed = packed_as(codec, content + "\n")
    expected = packed[2:].decode(codec, "replace").encode()
    for data in (packed, gzip.compress(packed)):
        source = DetectingSource(Slow(data, piece), "a", position=position)
        assert given_by(source, size) == expected[position:]


@pytest.mark.parametrize("pack", [utf16_le, utf16_be])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_lines_are_those_of_the_text(pack: Callable[[bytes], bytes], end: str) -> None:
    lines = f'{{"k":"나라 \U0001f600"}}\n\n{{"k":"a"}}{end}'.encode()
    for one in (bytes_input(pack(lines)), pieces_input(in_pieces(pack(lines), 1))):
        assert read([one]) == (oracle(lines), [])


def test_a_half_of_a_surrogate_pair_stands_for_itself_alone() -> None:
    packed = packed_as("utf-16-le", "a\ud83db\ude00\ude00\ud83d\n")
    assert text(read([bytes_input(packed)])[0]).decode() == "a\ufffdb\ufffd\ufffd\ufffd\n"


@pytest.mark.parametrize("rest", [b"\x7b", "\ud83d".encode("utf-16-le", "surrogatepass"), b"\x3d\xd8\x00"])
def test_an_end_within_a_character_is_told_behind_all_whole_lines(rest: bytes) -> None:
    for piece in (1, 1000):
        seen, errors = read([pieces_input(in_pieces(utf16_le(b"{}\n[") + rest, piece), "cut.log")])
        assert text(seen) == b"{}\n"
        assert [(type(each), each.place, each.problem, each.exit_code) for each in errors] == [
            (ReadWriteError, "cut.log", "truncated UTF-16 data", ExitCode.INPUT_OUTPUT)
        ]


def test_an_end_within_a_character_is_none_where_more_will_be_written() -> None:
    source = DetectingSource(MemorySource(utf16_le(b"{}\n") + b"\x7b"), "a", growing=True)
    assert given_by(source, 100) == b"{}\n"


@pytest.mark.parametrize("data", [b"\xff", b"\xfe", b"\xff\xff\n", b"\xfe\xfe", b"\xff{}\n"])
def test_bytes_that_only_resemble_a_mark_are_plain(data: bytes) -> None:
    for one in (bytes_input(data), pieces_input(in_pieces(data, 1))):
        assert read([one]) == (oracle(data), [])


def test_a_mark_alone_is_an_empty_input() -> None:
    assert read([bytes_input(codecs.BOM_UTF16_LE)]) == ([], [])
