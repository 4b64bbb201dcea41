"""How many columns of a terminal a text takes, and what of it fits.

Terminals do not agree on joined emoji; most show one character, and so it is counted here.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from streamstat.common.terminal import ELLIPSIS

JOINER, SOFT_HYPHEN = "\u200d", "\xad"
JAMO = range(0x1160, 0x1200)  # vowels and finals: they stand in the syllable that an initial has begun


def width_of(text: str, most: int = 1 << 30) -> int:
    """Columns of a terminal that the text takes; beyond `most` only that it is more.

    >>> width_of("서울"), width_of("e\\u0301")
    (4, 1)
    """
    if text.isascii():
        return len(text)
    width = 0
    for each in _widths(text):
        width += each
        if width > most:
            break
    return width


def are_ascii(texts: Sequence[str]) -> bool:
    """Whether each character of all of them takes one column."""
    return "".join(texts).isascii()


def longest(texts: Sequence[str]) -> int:
    """Characters of the longest; 0 of none."""
    return max(map(len, texts), default=0)


def shortened(text: str, most: int) -> str:
    """The text, or its beginning and `…` if it takes more than so many columns.

    >>> shortened("서울시", 4), shortened("서울", 4)
    ('서…', '서울')
    """
    if width_of(text, most) <= most:
        return text
    left, kept = most - len(ELLIPSIS), 0
    for width in _widths(text):
        left -= width
        if left < 0:
            break
        kept += 1
    return text[:kept] + ELLIPSIS


def _widths(text: str) -> Iterator[int]:
    before = ""
    for character in text:
        yield 0 if before == JOINER else _character_width(character)
        before = character


def _character_width(character: str) -> int:
    if character == SOFT_HYPHEN:
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or ord(character) in JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
