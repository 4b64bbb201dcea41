"""Words of texts against Python's own Unicode tables, character by character; and bytes that are no text."""

# ruff: noqa: RUF001  (characters that look alike are what this is about)
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import letters
from tools.search_twin import has_words as twin_has_words
from tools.search_twin import simply_folded, words_of

from streamstat.kernels import folded_words, has_words, has_words_inside
from streamstat.values.columns import I64, U8

CHARACTERS = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
texts = st.text(
    st.sampled_from("aAbB1 -_.ßẞſsKkİiıΣσςéÉ한글٣²Ⅷʼ\u0301") | st.characters(codec="utf-8"), max_size=40
)


def columns(texts: list[bytes]) -> tuple[I64, U8]:
    return np.cumsum([0, *map(len, texts)], dtype=np.int64), np.frombuffer(b"".join(texts), np.uint8)


def found(texts: list[bytes], phrase: str) -> list[int]:
    answers: list[int] = has_words(*columns(texts), phrase.encode()).tolist()
    return answers


def found_inside(events: list[bytes], phrase: str) -> list[int]:
    answers: list[int] = has_words_inside(*columns(events), phrase.encode()).tolist()
    return answers


def test_every_character_is_in_words_as_unicode_has_it() -> None:
    pairs = ((each, folded_words(f"a {each}b".encode())) for each in CHARACTERS)
    wrong = [each for each, words in pairs if [word.decode() for word in words] != words_of(f"a {each}b")]
    assert wrong == []


def test_the_table_is_that_of_the_running_python() -> None:
    if f"Unicode {unicodedata.unidata_version}," not in letters.HEADER.read_text(encoding="utf-8"):
        pytest.skip("of another version of Unicode")
    assert letters.header() == letters.HEADER.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("STRASSE ẞ", "ß"),
        ("Kelvin: K", "k"),
        ("ſeven", "SEVEN"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("disk_full", "Disk Full"),
        ("97% of sda1", "97 OF"),
        ("한글-문서", "문서"),
    ],
)
def test_words_are_alike_whatever_their_case(text: str, phrase: str) -> None:
    assert found([text.encode()], phrase) == [1]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("café", "cafe"),
        ("cafe\u0301", "café"),
        ("diskfull", "disk full"),
        ("full disk", "disk full"),
        ("disk is full", "disk full"),
        ("disks full", "disk full"),
        ("", "disk"),
    ],
)
def test_other_words_are_others(text: str, phrase: str) -> None:
    assert found([text.encode()], phrase) == [0]


@settings(max_examples=400, deadline=None)
@given(texts)
def test_texts_are_cut_as_their_twin_cuts_them(text: str) -> None:
    assert [word.decode() for word in folded_words(text.encode())] == words_of(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("abAB1 -ß", max_size=30), max_size=5), st.text("abAB1 -ß", min_size=1, max_size=6))
def test_a_phrase_is_found_where_its_twin_finds_it(texts: list[str], phrase: str) -> None:
    expected = [int(bool(words_of(phrase)) and twin_has_words(text, phrase)) for text in texts]
    assert found([text.encode() for text in texts], phrase) == expected


@pytest.mark.parametrize("length", range(1, 70))
def test_words_of_any_length_are_found_where_they_end(length: int) -> None:
    word = "Ab1" * 25
    assert found([f"x{word[:length]} {word[:length]}".encode()], word[:length]) == [1]
    assert found([f"{word[:length]}x".encode()], word[:length]) == [0]


def test_texts_in_an_event_are_looked_at_one_by_one() -> None:
    event = b'{"disk": "a", "b": ["full", {"c": "Disk\\u0020FULL"}], "d": "disk", "e": "full"}'
    assert found_inside([event], "disk full") == [1]
    assert found_inside([event], "a full") == [0]
    assert found_inside([event], "b") == [0]
    assert found_inside([b'{"n" : "x\\"y", "m":"\\ud83d\\ude00 z"}'], "y") == [1]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 60))
def test_bytes_that_are_no_text_harm_nothing(data: bytes, cut: int) -> None:
    assert all(len(word) > 0 for word in folded_words(data))
    assert found([data[:cut], data[cut:]], "a b") in ([0, 0], [0, 1], [1, 0], [1, 1])
    assert len(found_inside([b'{"a":"' + data, data], "a")) == 2


@settings(max_examples=200, deadline=None)
@given(st.text('{}[]":,\\u0041ab \t', max_size=40))
def test_a_damaged_event_harms_nothing(text: str) -> None:
    assert found_inside([text.encode()], "ab") in ([0], [1])


def test_offsets_that_cannot_be_are_refused() -> None:
    none, data = np.zeros(0, np.int64), np.zeros(3, np.uint8)
    with pytest.raises(ValueError, match="offsets: none"):
        has_words(none, data, b"a")
    with pytest.raises(ValueError, match="not ascending"):
        has_words(np.array([0, 4]), data, b"a")


def test_a_capital_whose_small_letter_folds_to_several_is_that_small_letter() -> None:
    assert [simply_folded(each) for each in "ẞᾈŉ"] == ["ß", "ᾀ", "ŉ"]
