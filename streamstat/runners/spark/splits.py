"""What each task reads: ranges of files whose records are lines, all other files whole.

A range begins behind the first newline at or behind its first byte, and ends behind the first one at or behind its
last: so every line is in one range, wherever files are cut.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from streamstat.input.formats import Format, format_from_record, format_record
from streamstat.input.plain_lines import PlainLines
from streamstat.input.sources import Input
from streamstat.input.sources.marks import Mark
from streamstat.runners.spark.looks import InputLook
from streamstat.runners.spark.remote import OpenFile, place_of

_SCAN_BYTES = 1 << 16


@dataclass(frozen=True)
class Split:
    """A part of the input with this number, `place` says where it lies: bytes [lo, hi), cut to whole lines; hi None: up
    to its end. format: as its first record is written, None if the input could not be looked at. head: the first
    bytes of the input, in base64."""

    input: int
    place: str
    lo: int
    hi: int | None
    format: list[Any] | None
    head: str

    @property
    def mark(self) -> Mark:
        """Where the range begins, before it is cut to lines."""
        return Mark(self.lo, base64.b64decode(self.head), format=self.known_format)

    @property
    def known_format(self) -> Format | None:
        """How its records are written."""
        return format_from_record(self.format)


def splits_of(inputs: Sequence[Input], looks: Sequence[InputLook], most: int) -> list[Split]:
    """The parts of all inputs in the order of input, each of `most` bytes or less."""
    return [
        Split(number, place_of(one), lo, hi, format_record(look.format), base64.b64encode(look.head).decode())
        for number, (one, look) in enumerate(zip(inputs, looks, strict=True))
        for lo, hi in _ranges(one.size or 0, most if _is_divisible(look) else None)
    ]


def line_edge(file: OpenFile, at: int) -> int:
    """The place behind the first newline at or behind a byte; the end of the file if there is none.

    >>> import io
    >>> [line_edge(io.BytesIO(b"ab\\ncd\\nef"), at) for at in (0, 1, 2, 3, 7)]
    [0, 3, 3, 6, 8]
    """
    if at == 0:
        return 0
    file.seek(at)
    piece = memoryview(bytearray(_SCAN_BYTES))
    while n := file.readinto(piece):
        if (found := bytes(piece[:n]).find(b"\n")) >= 0:
            return at + found + 1
        at += n
    return at


def _is_divisible(look: InputLook) -> bool:
    """Whether a line of it can be read without those before it."""
    return look.is_plain and isinstance(look.format, PlainLines)


def _ranges(size: int, most: int | None) -> Iterator[tuple[int, int | None]]:
    if most is None:
        yield 0, None
        return
    for lo in range(0, max(size, 1), most):
        yield lo, lo + most if lo + most < size else None
