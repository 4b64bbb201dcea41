"""What `Slides.sweep` gives: states of trailing windows, read by row as native states are read by slot.

Those of sums and percentiles are swept when they are asked for, as each call wants another sweep.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from streamstat import kernels
from streamstat.common.record import record
from streamstat.states import Cells
from streamstat.values.columns import F64, I32, I64, U8, Texts, no_texts, take_texts


class Swept:
    """One result a row: an array, or kinds and numbers."""

    def __init__(self, *columns: npt.NDArray[Any]) -> None:
        self._columns = columns

    def values(self, rows: I32) -> Any:
        """The results of these rows."""
        picked = tuple(column[rows] for column in self._columns)
        return picked[0] if len(picked) == 1 else picked


@record
class SweptSums:
    """Exact sums over the events of each row; see `ExactSums`."""

    cells: Cells
    lo: I64
    hi: I64

    @property
    def _swept(self) -> tuple[U8, I64, U8, I64, I64]:
        cells = self.cells
        return cells["kinds"], cells["numbers"], cells["take"], self.lo, self.hi

    def sums(self, rows: I32) -> tuple[U8, I64]:
        return _rows(kernels.slide_sums(*self._swept), rows)

    def means(self, rows: I32) -> tuple[U8, I64]:
        return _rows(kernels.slide_means(*self._swept), rows)

    def variances(self, rows: I32) -> tuple[U8, I64]:
        return _rows(kernels.slide_variances(*self._swept), rows)

    def deviations(self, rows: I32) -> tuple[U8, I64]:
        return _rows(kernels.slide_deviations(*self._swept), rows)

    def ratios(self, rows: I32, divisors: I64, scale: int) -> tuple[U8, I64]:
        """`rows` must be all rows in order, as divisors are by row."""
        assert len(rows) == len(self.lo)
        return kernels.slide_ratios(*self._swept, divisors, scale)


def _rows(columns: tuple[U8, I64], rows: I32) -> tuple[U8, I64]:
    return columns[0][rows], columns[1][rows]


@record
class SweptPicks:
    """The first or last value of each row, by its place among the events; -1 is none."""

    cells: Cells
    places: I64

    def values(self, rows: I32) -> tuple[U8, I64, I64, U8]:
        """Kinds, numbers, and texts as offsets and bytes."""
        places = self.places[rows]
        found = np.flatnonzero(places >= 0)
        kinds, numbers = np.zeros(len(rows), np.uint8), np.zeros(len(rows), np.int64)
        kinds[found], numbers[found] = (self.cells[name][places[found]] for name in ("kinds", "numbers"))
        texts: Texts = no_texts(len(rows))
        if len(found):
            texts = take_texts(self.cells["texts"], np.maximum(places, 0))
            lengths = np.where(places >= 0, np.diff(texts.offsets), 0)
            data = texts.data[np.repeat(places >= 0, np.diff(texts.offsets))]
            texts = Texts(np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]), data)
        return kinds, numbers, texts.offsets, texts.data


@record
class SweptNew:
    """Shaped as the state of `new` is."""

    counts: Swept


@record
class SweptDistinct:
    """Exact numbers of different values."""

    numbers: I64

    def estimates(self, rows: I32) -> I64:
        """The numbers of these rows."""
        return self.numbers[rows]


@dataclass(frozen=True, slots=True)
class SweptQuantiles:
    """Percentiles over the events of each row."""

    cells: Cells
    lo: I64
    hi: I64
    known: dict[tuple[int, int], tuple[U8, F64]] = field(default_factory=dict)

    def quantile(self, rows: I32, numerator: int, denominator: int) -> tuple[U8, F64]:
        """Kinds (NULL over no numbers) and values of these rows."""
        cells = self.cells
        fraction = np.array([numerator], np.uint64), np.array([denominator], np.uint64)
        kinds, values = kernels.slide_quantiles(
            cells["kinds"], cells["numbers"], cells["take"], self.lo, self.hi, *fraction
        )
        return kinds[rows], values[rows]
