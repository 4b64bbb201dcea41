"""The texts of cells for eyes: fractions rounded, lists as `a 12, b 7`, nothing that steers a terminal."""

import json
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import numpy as np

from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.kernels import read_lists, render_cells
from streamstat.output.screen.widths import longest
from streamstat.values.cells import NativeColumn
from streamstat.values.columns import I64, U8, ColumnType, Kind

_AS_SPELT = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
_ROOM = 6  # times its length is what a text takes whose characters are spelt out
SIGNIFICANT = 5  # of a number with a fraction
LARGEST = 1e21  # in size, from where on doubles are written with an exponent
WHOLE_FROM = 10 ** (SIGNIFICANT - 1)  # in size, from where on nothing right of the point is shown
LONGEST_NUMBER = 32  # characters; one as written may have millions


@record
class ShownCells:
    """The texts of a column's cells. is_number: all that are there are numbers, none of them long."""

    texts: list[str]
    is_number: bool


def cells_of(column: NativeColumn, lo: int, hi: int, as_written: bool) -> ShownCells:
    """Rows [lo, hi) of a column; as_written: its numbers are keys, and stay what they were."""
    type_, kinds = column[0], column[1][lo:hi]
    if type_ in (ColumnType.HISTOGRAM, ColumnType.TOP):
        return ShownCells(_lists(column, lo, hi), False)
    if type_ == ColumnType.LIST:
        return ShownCells(list(map(_values, _pieces(*render_cells(column, lo, hi, False)))), False)
    texts = exact_texts(column, lo, hi)
    if not as_written:
        doubles: I64 = np.flatnonzero(kinds == Kind.DOUBLE)
        numbers = column[2][lo:hi].view(np.float64)
        for row, number in zip(doubles.tolist(), numbers[doubles].tolist(), strict=True):
            if len(texts[row]) > LONGEST_NUMBER or not texts[row].removeprefix("-").isdigit():
                texts[row] = number_text(number)
    is_number = type_ != ColumnType.TIME and bool((kinds <= Kind.DOUBLE).all())
    is_number &= not bool(((kinds == Kind.FALSE) | (kinds == Kind.TRUE)).any())
    return ShownCells(texts, is_number and longest(texts) <= LONGEST_NUMBER)


def exact_texts(column: NativeColumn, lo: int, hi: int) -> list[str]:
    """Rows [lo, hi) of a column as CSV has them, empty texts as `""` and null as nothing."""
    offsets, data = render_cells(column, lo, hi, True)
    texts = _pieces(offsets, data)
    for row in np.flatnonzero((np.diff(offsets) == 0) & (column[1][lo:hi] != Kind.NULL)).tolist():
        texts[row] = '""'
    return texts


def number_text(number: float) -> str:
    """A number with five significant digits, and all that stand left of the point; half goes up in size.

    >>> [number_text(each) for each in (20.635802469135804, 123456.789, 3.0, 1.23456e-7, 1e300)]
    ['20.636', '123457', '3', '1.2346e-07', '1e+300']
    >>> number_text(96.0625), number_text(-0.5), number_text(99999.5)
    ('96.063', '-0.5', '100000')
    """
    size = abs(number)
    if size >= LARGEST:
        return f"{number:.{SIGNIFICANT}g}"
    if size == 0:
        return "0"
    written = repr(number)
    if (
        written[-1] != "5" and "e" not in written
    ):  # no half, so that a double rounds as its text does, and faster
        return f"{number:.0f}" if size >= WHOLE_FROM else f"{number:.{SIGNIFICANT}g}"
    exact = Decimal(written)
    places = max(0, SIGNIFICANT - 1 - exact.adjusted())
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:.0f}" if not places else repr(float(rounded)).removesuffix(".0")


def _pieces(offsets: I64, data: U8) -> list[str]:
    text = data.tobytes()
    if text.isascii():  # one decoding for all cells
        whole = text.decode("ascii")
        return [whole[a:b] for a, b in pairwise(offsets.tolist())]
    return [text[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets.tolist())]


def _values(text: str) -> str:
    """`a, b` of the JSON array of `values`; as it stands where it is nested deeper than Python reads.

    >>> _values('["a",1.50,"",{"b":[2]}]')
    'a, 1.50, "", {"b":[2]}'
    """
    entries, at = [], 1
    try:
        while at < len(text) - 1:
            value, end = _AS_SPELT.raw_decode(text, at)
            entries.append((value or '""') if isinstance(value, str) else text[at:end])
            at = end + 1  # behind the comma
    except RecursionError:
        return printable(text, _ROOM * len(text))
    return printable(", ".join(entries), _ROOM * len(text))


def _lists(column: NativeColumn, lo: int, hi: int) -> list[str]:
    """`a 12, b 7` of the values of a `top`, `<10 12, <100 7, more 3` of the bounds of a histogram."""
    entries = list_entries(column, lo, hi)
    return [", ".join(f"{label} {count}" for label, count in each) for each in entries]


def list_entries(column: NativeColumn, lo: int, hi: int) -> list[list[tuple[str, int]]]:
    """Of rows [lo, hi) of a `top` or a histogram the values, or what they are below, each with its count."""
    starts, uppers, counts, _, offsets, data = read_lists(column, lo, hi)
    if column[0] == ColumnType.HISTOGRAM:
        labels = ["more" if np.isnan(upper) else f"<{number_text(upper)}" for upper in uppers.tolist()]
    else:
        kinds = np.full(len(offsets) - 1, Kind.TEXT, np.uint8)
        shown = (int(ColumnType.LABEL), kinds, np.zeros(len(kinds), np.int64), offsets, data, None)
        labels = exact_texts(shown, 0, len(kinds))
    entries = list(zip(labels, counts.tolist(), strict=True))
    return [entries[a:b] for a, b in pairwise(starts.tolist())]
