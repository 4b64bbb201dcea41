"""The numbers of rows as points over time, by group: what a chart is drawn of. Bounded: of very many the last are kept.

Knows nothing of characters or screens.
"""

from collections.abc import Collection

import numpy as np

from streamstat.common.record import record
from streamstat.output.screen.cells import cells_of
from streamstat.values.cells import native_column
from streamstat.values.columns import F64, I32, I64, ColumnType, ResultField, Rows, as_doubles

MOST_POINTS = 200_000  # rows; so many take some 10 MB beside the texts of their groups
NUMBERS = (ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.ANY)
NO_NUMBERS = ("revision",)  # what tells rows apart, though it is written as a number
BETWEEN_LABELS = ", "


@record
class Points:
    """n rows: time int64[n], group int32[n] with its label, and for each column of numbers float64[n], nan for none.

    left_out: how many rows were there before these. others: of how many groups the last label is the sum; 0: none is.
    """

    times: I64
    groups: I32
    labels: tuple[str, ...]
    columns: dict[str, F64]
    left_out: int = 0
    others: int = 0

    def __len__(self) -> int:
        return len(self.times)

    @property
    def numbers(self) -> list[str]:
        """The columns in which there are any."""
        return [name for name, values in self.columns.items() if not np.isnan(values).all()]

    def ranked(self, by: str, most: int, sums: Collection[str]) -> "Points":
        """The groups in the order of their totals of a column, and those behind the first so many as one.

        sums: the columns that may be added up over groups; in others these have no number.
        """
        totals = np.abs(np.bincount(self.groups, np.nan_to_num(self.columns[by]), len(self.labels))).tolist()
        order = sorted(range(len(self.labels)), key=lambda group: (-totals[group], self.labels[group]))
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        groups = rank[self.groups]
        labels = tuple(self.labels[group] for group in order[:most])
        rest, others = np.flatnonzero(groups >= most), len(order) - len(labels)
        if not len(rest):
            return Points(self.times, groups, labels, self.columns, self.left_out)
        drawn = np.flatnonzero(groups < most)
        times, of = np.unique(self.times[rest], return_inverse=True)
        columns = {
            name: np.append(
                values[drawn], _added(values[rest], of) if name in sums else np.full(len(times), np.nan)
            )
            for name, values in self.columns.items()
        }
        of_rest = np.full(len(times), most, np.int32)
        joined = np.append(self.times[drawn], times), np.append(groups[drawn], of_rest)
        return Points(*joined, (*labels, f"{others:,} others, summed"), columns, self.left_out, others)


class PointKeeper:
    """Takes in rows, and keeps the last `most` of them as points."""

    def __init__(
        self, fields: tuple[ResultField, ...], keys: tuple[str, ...], most: int = MOST_POINTS
    ) -> None:
        self._most, self._n, self.left_out = most, 0, 0
        self._keys = [i for i, each in enumerate(fields) if each.name in keys]
        self._time = next((i for i, each in enumerate(fields) if each.type == ColumnType.TIME), None)
        self._numbers = {
            each.name: i
            for i, each in enumerate(fields)
            if each.type in NUMBERS and each.name not in (*keys, *NO_NUMBERS)
        }
        self._labels: dict[str, int] = {}
        self._parts: list[tuple[I64, I32, list[F64]]] = []

    def add(self, rows: Rows) -> None:
        """Rows that are later than those before."""
        n = len(rows)
        times = np.zeros(n, np.int64) if self._time is None else rows.columns[self._time].numbers
        values = [as_doubles(rows.columns[i]) for i in self._numbers.values()]
        self._parts.append((times, self._coded(rows), values))
        self._n += n
        if self._n > 2 * self._most:
            self._shorten()

    def points(self) -> Points:
        """What there is by now."""
        if self._n > self._most or len(self._parts) != 1:
            self._shorten()
        times, groups, values = self._parts[0]
        return Points(
            times, groups, tuple(self._labels), dict(zip(self._numbers, values, strict=True)), self.left_out
        )

    def _coded(self, rows: Rows) -> I32:
        """The group of each row, by number."""
        if not self._keys:
            return np.full(len(rows), self._labels.setdefault("", 0), np.int32)
        columns = (native_column(rows.fields[i].type, rows.columns[i]) for i in self._keys)
        texts = (cells_of(column, 0, len(rows), True).texts for column in columns)
        labels = (BETWEEN_LABELS.join(each or "null" for each in row) for row in zip(*texts, strict=True))
        codes = (self._labels.setdefault(label, len(self._labels)) for label in labels)
        return np.fromiter(codes, np.int32, len(rows))

    def _shorten(self) -> None:
        """Keep the last rows, and the labels of their groups alone."""
        none: tuple[I64, I32, list[F64]] = (
            np.zeros(0, np.int64),
            np.zeros(0, np.int32),
            [np.zeros(0) for _ in self._numbers],
        )
        times, groups, values = zip(*[none, *self._parts], strict=True)
        begin = max(0, self._n - self._most)
        codes, groups_kept = np.unique(np.concatenate(groups)[begin:], return_inverse=True)
        labels = tuple(self._labels)
        self._labels = {labels[code]: number for number, code in enumerate(codes.tolist())}
        columns = [np.concatenate(each)[begin:] for each in zip(*values, strict=True)]
        self._parts = [(np.concatenate(times)[begin:], groups_kept.astype(np.int32), columns)]
        self.left_out, self._n = self.left_out + begin, self._n - begin


def _added(values: F64, of: I64) -> F64:
    """The sums of the values of each number, nan where there are none."""
    there = ~np.isnan(values)
    sums = np.bincount(of[there], values[there], int(of.max()) + 1).astype(np.float64)
    sums[np.bincount(of[there], minlength=len(sums)) == 0] = np.nan
    return sums
