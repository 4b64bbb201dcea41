"""What the rows of a report are to a chart: their times, the groups they are of, and columns that can be drawn."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np

from streamstat.common.zones import Zone
from streamstat.kernels import render_cells
from streamstat.output.charts.first_rows import FirstRows
from streamstat.values.cells import Offsets, native_column
from streamstat.values.columns import (
    F64,
    I64,
    ColumnType,
    Kind,
    ResultField,
    Rows,
    Values,
    as_doubles,
    part,
    take_rows,
)

UTC = Zone()
BETWEEN_KEYS = " · "
NULL_KEY = "null"
PERCENTILE = re.compile(r"p(\d{1,2}(?:_\d+)?)_(.+)")
MEDIAN = "median_"
OF_REVISIONS = ("revision", "kind")
_ADDS_UP = re.compile(r"(?:([^=(]+)=)?\s*(?:count|sum)\(")
_GIVES_TEXTS = re.compile("(first|last|min|max|arg_min|arg_max|values|top|histogram)_")
_CALLED = ("count", "count_", "sum_")
_ALIKE = 1.25  # times the shortest: months are, and days when clocks are set


class ReportClocks(Protocol):
    """How the clocks of a report go: a time zone, or what the times of a saved report say."""

    @property
    def name(self) -> str:
        """What an axis of time is called."""

    def offsets(self, times: I64, /) -> I64:
        """Seconds east of UTC at each instant, int64[n]."""


class Charted:
    """Rows of a report by what they are. groups: names of the columns that tell groups apart; None: it is worked out.

    options: those of the run, as its reports have them; they say which columns add up.
    """

    def __init__(
        self,
        kept: FirstRows,
        groups: Sequence[str] | None = None,
        zone: ReportClocks = UTC,
        options: Mapping[str, object] | None = None,
    ) -> None:
        self.total, self.zone = kept.total, zone.name
        self.offsets: Offsets | None = None if zone.name == "UTC" else zone.offsets
        self._options = options or {}
        self.kept = len(kept.rows)
        self._names = [field.name for field in kept.fields]
        self._fields = kept.fields
        self.time_columns = _leading_times(kept.fields)
        self.rows = kept.rows
        self.groups = self._known(groups) if groups is not None else self._told_apart()
        self.rows = self._last_revisions()
        self.outdated = self.kept - len(self.rows)

    @property
    def notes(self) -> tuple[str, ...]:
        """Which rows are left out, if any."""
        left = (
            () if self.kept == self.total else (f"drawn are the first {self.kept:,} of {self.total:,} rows",)
        )
        corrected = f"{self.outdated:,} rows were corrected by later ones, and are left out"
        return (*left, *([corrected] if self.outdated else []))

    @property
    def times(self) -> list[int]:
        """The columns in front that are times."""
        return self.time_columns

    def name(self, column: int) -> str:
        """That of a column."""
        return self._names[column]

    @property
    def has_windows(self) -> bool:
        """Whether a row is of a window."""
        return self._names[:2] == ["window_start", "window_end"]

    @cached_property
    def measures(self) -> list[int]:
        """The columns of numbers, but for groups."""
        plain = (ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.ANY)
        return [
            i
            for i, field in enumerate(self._fields)
            if field.type in plain
            and i not in (*self.times, *self.groups)
            and field.name != OF_REVISIONS[0]
            and _is_numeric(self.rows.columns[i])
        ]

    def of_type(self, kind: ColumnType) -> list[int]:
        """The columns of a type."""
        return [i for i, field in enumerate(self._fields) if field.type == kind]

    @cached_property
    def percentiles(self) -> dict[str, list[tuple[float, int]]]:
        """Of each field that has several of them: which, and their columns, the lowest first."""
        found: dict[str, list[tuple[float, int]]] = {}
        for i in self.measures:
            name = self._names[i]
            if match := PERCENTILE.fullmatch(name):
                found.setdefault(match[2], []).append((float(match[1].replace("_", ".")), i))
            elif name.startswith(MEDIAN):
                found.setdefault(name.removeprefix(MEDIAN), []).append((50.0, i))
        return {field: sorted(each) for field, each in found.items() if len(each) > 1}

    def adds_up(self, column: int) -> bool:
        """Whether the sum over groups is what a column would be of all of them, as far as that is known."""
        named = (_ADDS_UP.match(str(text)) for text in _listed(self._options.get("agg")))
        sums = {match[1].strip() for match in named if match and match[1]}
        name = self._names[column]
        return name in sums or (name == _CALLED[0] or name.startswith(_CALLED[1:]))

    def moments(self, column: int) -> F64:
        """Times of a column in milliseconds, as clocks in the zone of the report show them; NaN where there is none."""
        values = self.rows.columns[column]
        times = values.numbers.astype(np.float64) / 1000
        if self.offsets is not None:
            times += self.offsets(values.numbers).astype(np.float64) * 1000
        return np.where(values.kinds == Kind.NULL, np.nan, times)

    def numbers(self, column: int) -> F64:
        """float64 of each row, NaN where there is no number that a chart can have."""
        return as_doubles(self.rows.columns[column])

    def texts(self, column: int, n: int | None = None) -> list[str]:
        """The cells of a column, in the first n rows, as they are written in a report."""
        values = self.rows.columns[column]
        return cell_texts(
            self._fields[column].type, part(values, 0, len(values) if n is None else n), self.offsets
        )

    @property
    def columns(self) -> list[int]:
        """All that have a text."""
        return list(range(len(self._fields)))

    def kind_of(self, column: int) -> str:
        """time, number or text, as tables have it."""
        is_time = self._fields[column].type == ColumnType.TIME
        return "time" if is_time else "number" if _is_numeric(self.rows.columns[column]) else "text"

    @cached_property
    def keys(self) -> list[str]:
        """The group of each row; empty texts where there are no groups."""
        parts = [_labels(self.rows.columns[i], self.texts(i)) for i in self.groups]
        return (
            [BETWEEN_KEYS.join(row) for row in zip(*parts, strict=True)] if parts else [""] * len(self.rows)
        )

    @cached_property
    def labels(self) -> list[str]:
        """What rows are called: their group, else the first text that they have."""
        if self.groups or not self.text_columns:
            return self.keys
        column = self.text_columns[0]
        return _labels(self.rows.columns[column], self.texts(column))

    @property
    def text_columns(self) -> list[int]:
        """The columns behind the times that hold no numbers."""
        plain = (ColumnType.ANY, ColumnType.LABEL)
        return [
            i
            for i, field in enumerate(self._fields)
            if field.type in plain and i not in self.measures and field.name not in OF_REVISIONS
        ]

    @cached_property
    def are_events(self) -> bool:
        """Whether rows come one by one, as matches and sessions do: what can be seen is how many there are."""
        if not self.times:
            return False
        if not self.has_windows:
            return True
        starts, ends = (self.rows.columns[i].numbers for i in (0, 1))
        lengths = ends - starts
        return bool(len(lengths)) and bool(lengths.max() > _ALIKE * lengths.min())

    def _known(self, groups: Sequence[str]) -> list[int]:
        return [self._names.index(name) for name in groups if name in self._names]

    def _told_apart(self) -> list[int]:
        """The fewest columns behind the times that no two rows of a time have alike; and texts in front that come
        again and again, as where each event has a window of its own. If all columns are needed, texts in front."""
        behind = [i for i in range(len(self._names)) if i not in self.times]
        behind = [i for i in behind if self._names[i] not in OF_REVISIONS]
        of_time = [self.texts(i) for i in self.times[:2]]
        of_time += [self.texts(self._names.index(name)) for name in OF_REVISIONS if name in self._names]
        groups: list[int] = []
        for column in behind:
            if not (self._is_repeated(column) and self.has_windows) and _are_distinct(of_time):
                return groups
            of_time.append(_labels(self.rows.columns[column], self.texts(column)))
            groups.append(column)
        texts = [not _is_numeric(self.rows.columns[i]) for i in behind]
        return behind[: texts.index(False) if False in texts else 0]

    def _is_repeated(self, column: int) -> bool:
        """Whether a column has texts that come again, and no aggregate that gives texts is in its name."""
        if _is_numeric(self.rows.columns[column]) or _GIVES_TEXTS.match(self._names[column]):
            return False
        texts = self.texts(column)
        return 1 < len(set(texts)) <= len(texts) / 2

    def _last_revisions(self) -> Rows:
        """Of rows that were corrected, those that hold in the end."""
        if not set(OF_REVISIONS) <= set(self._names):
            return self.rows
        kinds = self.texts(self._names.index(OF_REVISIONS[1]))
        starts = [self.rows.columns[i].numbers.tolist() for i in self.times]
        last: dict[tuple[object, ...], int] = {}
        for i, row in enumerate(zip(*starts, self.keys, strict=True)):
            last.pop(row, None)
            if kinds[i] != "retraction":
                last[row] = i
        del self.keys  # those of all rows
        return take_rows(self.rows, np.array(sorted(last.values()), np.int64))


def cell_texts(kind: ColumnType, values: Values, offsets: Offsets | None) -> list[str]:
    """The bare text of each cell, nothing for null."""
    ends, data = render_cells(native_column(kind, values, offsets), 0, len(values), False)
    text = data.tobytes()
    return [text[lo:hi].decode("utf-8", "replace") for lo, hi in pairwise(ends.tolist())]


def _are_distinct(columns: Sequence[list[str]]) -> bool:
    """Whether no two rows have the same in all of these columns."""
    rows = list(zip(*columns, strict=True))
    return bool(columns) and len(set(rows)) == len(rows)


def _leading_times(fields: tuple[ResultField, ...]) -> list[int]:
    times = [field.type == ColumnType.TIME for field in fields]
    return list(range(times.index(False) if False in times else len(times)))


def _is_numeric(values: Values) -> bool:
    """Whether there are numbers, and beside them nothing but nulls."""
    numeric = (values.kinds == Kind.INTEGER) | (values.kinds == Kind.DOUBLE)
    return bool(numeric.any()) and bool((numeric | (values.kinds == Kind.NULL)).all())


def _labels(values: Values, texts: list[str]) -> list[str]:
    """Keys as labels. Where 1 and "1" are two groups, the text is the one in quotes."""
    is_text = (values.kinds == Kind.TEXT).tolist()
    is_null = (values.kinds == Kind.NULL).tolist()
    labels = [NULL_KEY if null else text for null, text in zip(is_null, texts, strict=True)]
    others = {label for label, text in zip(labels, is_text, strict=True) if not text}
    return [
        json.dumps(label, ensure_ascii=False) if text and (label in others or not label) else label
        for label, text in zip(labels, is_text, strict=True)
    ]


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
