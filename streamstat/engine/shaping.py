"""What is done with rows before anybody gets them: shares and columns are added, rows chosen, ordered and limited.

What needs all rows of a window waits for them: rows come window by window, but may come in several batches.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.completeness import Completeness
from streamstat.engine.ranking import first_of_each, row_ranks
from streamstat.engine.shares import shares
from streamstat.engine.sizes import SIZES, Sizes
from streamstat.engine.strategy import Publication
from streamstat.expressions import Expression, Times
from streamstat.expressions.times import Moments
from streamstat.kernels import TimeReader, read_times
from streamstat.plan.job import Job
from streamstat.values.columns import (
    I64,
    ColumnType,
    Kind,
    Mask,
    ResultField,
    Rows,
    Values,
    arrays_of,
    concatenate_rows,
    part_of_rows,
    take_rows,
)

MOST_WORDS = 80  # of an expression
SECOND_US = 1_000_000


class Shaping:
    """The shape of a job, applied to rows as the strategies make them."""

    def __init__(self, job: Job, sizes: Sizes = SIZES) -> None:
        self._shape, self._zone, self._most_waiting = job.shape, job.zone, sizes.most_waiting
        self._place = len(job.fields)  # what is added stands behind those, and before the states of sketches
        self.completeness = Completeness(job, sizes) if job.shape.completeness else None
        self._times = TimeReader()
        self._answers: dict[
            str, list[int]
        ] = {}  # by option and text: rows that were asked, and those that had one
        self._hints: dict[str, str] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What gave nothing in any row."""
        null = (
            (words, asked) for words, (asked, answered) in self._answers.items() if asked and not answered
        )
        return tuple(
            f"{words} was null in {_all(asked)}{self._hints.get(words, '')}" for words, asked in null
        )

    @property
    def is_nothing(self) -> bool:
        """Whether rows stay as they are."""
        shape = self._shape
        return not (shape.fields or shape.having is not None or shape.needs_windows)

    def widened(self, fields: tuple[ResultField, ...]) -> tuple[ResultField, ...]:
        """The columns with those that are added."""
        return (*fields[: self._place], *self._shape.fields, *fields[self._place :])

    def with_columns(self, rows: Rows) -> Rows:
        """Rows with all columns that are added; whole windows where there are shares."""
        if not self._shape.fields:
            return rows
        columns = {field.name: column_operand(field, values) for field, values in _known(rows)}
        names = iter(self._shape.fields)
        added: list[Values] = []
        for values in [] if self.completeness is None else self.completeness.columns(rows):
            columns[next(names).name] = values
            added.append(values)
        for name, column in self._shape.shares:
            columns[next(names).name] = values = shares(columns[column], windows(rows))
            added.append(values)
            kinds = columns[column].kinds  # a sum that is 0 is no mistake, but no column of texts has a sum
            self._note(f"--share {name}={column}", (kinds == Kind.INTEGER) | (kinds == Kind.DOUBLE))
        for name, expression in self._shape.columns:
            columns[name] = values = self._evaluated(expression, columns, len(rows))
            added.append(values)
            self._note(f"--column {name}={expression.text}", values.kinds != Kind.NULL)
        place = self._place
        return Rows(self.widened(rows.fields), (*rows.columns[:place], *added, *rows.columns[place:]))

    def passing(self, rows: Rows) -> Mask:
        """Which rows, with all columns, are wanted."""
        if self._shape.having is None:
            return np.ones(len(rows), np.bool_)
        columns = {field.name: column_operand(field, values) for field, values in _known(rows)}
        kinds = self._evaluated(self._shape.having, columns, len(rows)).kinds
        found: Mask = kinds == Kind.TRUE
        hint = _comparison(self._shape.having)
        self._note(f"--having {self._shape.having.text}", found | (kinds == Kind.FALSE), hint)
        return found

    def _note(self, words: str, answered: Mask, hint: str = "") -> None:
        words = printable(words, MOST_WORDS)
        if hint:
            self._hints[words] = f"; {hint}"
        counts = self._answers.setdefault(words, [0, 0])
        counts[0] += len(answered)
        counts[1] += int(np.count_nonzero(answered))

    def once(self, publications: Iterator[Publication]) -> Iterator[Publication]:
        """Publications of windows that are published once, shaped."""
        waiting: list[Rows] = []
        for publication in publications:
            rows = publication.report
            if rows is None or not len(rows):
                continue
            if not self._shape.shares:
                rows = self._chosen(rows)
            if not self._shape.needs_windows:
                yield from _published(rows)
                continue
            for whole, rest in _cut(waiting, rows):
                yield from _published(self._finished(whole))
                waiting = rest
            waiting = self._shortened(waiting)
        yield from _published(self._finished(waiting))

    def shaped(self, rows: Rows) -> Rows:
        """Rows of whole windows, shaped."""
        if self.is_nothing or not len(rows):
            return rows
        rows = self._chosen(rows)
        return self._ordered(rows) if self._shape.needs_windows and len(rows) else rows

    def _chosen(self, rows: Rows) -> Rows:
        """The rows that are wanted, with all columns."""
        rows = self.with_columns(rows)
        if self._shape.having is None:
            return rows
        passing = self.passing(rows)
        return rows if passing.all() else take_rows(rows, np.flatnonzero(passing))

    def _finished(self, parts: list[Rows]) -> Rows | None:
        """Rows of whole windows, in their order."""
        if not parts:
            return None
        rows = concatenate_rows(parts)
        return self._ordered(self._chosen(rows) if self._shape.shares else rows)

    def _ordered(self, rows: Rows) -> Rows:
        numbers = windows(rows)
        if self._shape.order:
            columns = {field.name: values for field, values in _known(rows)}
            keys = [key for name, descends in self._shape.order for key in row_ranks(columns[name], descends)]
            order = np.lexsort((*reversed(keys), numbers))
            rows = take_rows(rows, order)
        if self._shape.limit is not None:
            rows = take_rows(rows, first_of_each(numbers, self._shape.limit))
        return rows

    def _shortened(self, waiting: list[Rows]) -> list[Rows]:
        """What waits of a window, of which only the first rows are wanted: the others need not wait."""
        many = sum(map(len, waiting)) > self._most_waiting + (self._shape.limit or 0)
        if self._shape.limit is None or self._shape.shares or not many:
            return waiting
        return [self._ordered(concatenate_rows(waiting))]

    def _evaluated(self, expression: Expression, columns: Mapping[str, Values], n: int) -> Values:
        def of_values(values: Values) -> Moments:
            times, kinds = read_times(self._times, *arrays_of(values))
            return times, kinds == 1

        nowhere = np.zeros(n, np.int64), np.zeros(n, np.bool_)
        times = Times(nowhere, lambda path: of_values(columns[path]), of_values, self._zone)
        return expression.evaluate({path: columns[path] for path in expression.fields}, n, times).values


def windows(rows: Rows) -> I64:
    """The number of each row's window among those of these rows, from 0: int64[n]."""
    starts, ends = rows.columns[0].numbers, rows.columns[1].numbers
    numbers = np.zeros(len(rows), np.int64)
    np.cumsum((starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1]), out=numbers[1:])
    return numbers


def _comparison(condition: Expression) -> str:
    """What is meant where a column alone is a condition."""
    if condition.field is None:
        return ""
    name = printable(condition.text, MOST_WORDS)
    return f"compare it, for example {name} > 0 or {name} is not None"


def _all(n: int) -> str:
    return f"all {counted(n, 'row')}" if n > 1 else "the only row"


def _known(rows: Rows) -> Iterator[tuple[ResultField, Values]]:
    """The columns that can be named."""
    columns = zip(rows.fields, rows.columns, strict=True)
    return ((field, values) for field, values in columns if field.type != ColumnType.BINARY)


def column_operand(field: ResultField, values: Values) -> Values:
    """A column as expressions see it: a time is seconds since the epoch."""
    if field.type != ColumnType.TIME:
        return values
    whole = values.numbers % SECOND_US == 0
    seconds = (values.numbers / SECOND_US).view(np.int64)
    numbers = np.where(whole, values.numbers // SECOND_US, seconds)
    return Values(np.where(whole, np.uint8(Kind.INTEGER), np.uint8(Kind.DOUBLE)), numbers)


def _cut(waiting: list[Rows], rows: Rows) -> Iterator[tuple[list[Rows], list[Rows]]]:
    """What is complete now that these rows have come, if anything is, and what waits for more rows of its window."""
    if not len(rows):
        return
    last = int(np.searchsorted(numbers := windows(rows), numbers[-1]))
    if last:
        yield [*waiting, part_of_rows(rows, 0, last)], [part_of_rows(rows, last, len(rows))]
    elif waiting and windows(concatenate_rows([_row(waiting[-1], -1), _row(rows, 0)]))[-1]:
        yield waiting, [rows]
    else:
        yield [], [*waiting, rows]


def _row(rows: Rows, i: int) -> Rows:
    place = i % len(rows)
    return part_of_rows(rows, place, place + 1)


def _published(rows: Rows | None) -> Iterator[Publication]:
    if rows is not None and len(rows):
        yield Publication(rows, rows)
