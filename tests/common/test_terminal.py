"""Text shown on stderr: one line, no control characters, bounded."""

import doctest
import os
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.common import terminal
from streamstat.common.terminal import printable
from streamstat.kernels import render_cells
from streamstat.values.cells import native_column
from streamstat.values.columns import ColumnType, Kind, Texts, Values

STEERING = [
    *range(0x20),
    *range(0x7F, 0xA0),
    0x61C,
    0x200E,
    0x200F,
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
]


def test_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(terminal).failed == 0


def test_newline_cannot_forge_a_second_line() -> None:
    assert printable("a\r\nstreamstat: done\u2028x\x85") == "a\\x0d\\x0astreamstat: done\\u2028x\\x85"


def test_ordinary_text_of_any_script_stays() -> None:
    assert printable('C:\\a "서울" é 😀') == 'C:\\a "서울" é 😀'


def test_name_that_is_no_text_shows_its_bytes() -> None:
    assert printable(os.fsdecode(b"log\xff\x1b.txt")) == "log\\xff\\x1b.txt"
    assert printable(b"log\xff\x1b\xed\xa0\x80") == "log\\xff\\x1b\\xed\\xa0\\x80"


def test_lone_surrogate_is_spelt_out() -> None:
    assert printable("\ud800\udfff") == "\\ud800\\udfff"


@pytest.mark.parametrize("text", ["a" * 200, "서" * 200, "a" * 199 + "é"])
def test_text_up_to_the_limit_is_whole(text: str) -> None:
    assert printable(text) == printable(text.encode()) == text


def test_longer_text_is_cut_and_never_inside_an_escape() -> None:
    assert printable("a" * 201) == "a" * 199 + "…"
    assert printable("a" * 197 + "\x1b" * 9) == "a" * 197 + "…"
    assert printable("a" * 195 + "\x1b" * 9) == "a" * 195 + "\\x1b…"
    assert printable(b"\xf0\x9f\x98\x80" * 1000) == "😀" * 199 + "…"


def shown_natively(text: bytes) -> str:
    texts = Texts(np.array([0, len(text)], np.int64), np.frombuffer(text, np.uint8))
    values = Values(np.array([Kind.TEXT], np.uint8), np.zeros(1, np.int64), texts)
    return render_cells(native_column(ColumnType.ANY, values), 0, 1, True)[1].tobytes().decode()


def test_native_code_spells_out_the_same_characters() -> None:
    everything = [chr(code) for code in range(0x3000) if not 0xD800 <= code <= 0xDFFF]
    assert [ord(c) for c in everything if printable(c) != c] == STEERING
    assert [ord(c) for c in everything if shown_natively(c.encode()) != c] == STEERING
    assert {unicodedata.category(chr(code)) for code in STEERING} == {"Cc", "Cf", "Zl", "Zp"}


@settings(deadline=None)
@given(st.binary(max_size=45))
def test_any_bytes_are_shown_alike_here_and_natively(text: bytes) -> None:
    assert printable(text) == shown_natively(text)


@settings(deadline=None)
@given(st.text(st.characters(codec=None)) | st.binary(), st.integers(1, 50))
def test_shown_text_is_bounded_and_steers_nothing(text: str | bytes, limit: int) -> None:
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert not any(ord(character) in STEERING for character in shown)
