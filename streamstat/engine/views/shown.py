"""Rows as columns: those that were asked for, or all that rows have, and which rows are wanted."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from streamstat.changes.columns import FoundObjects, decoded, spread, taken
from streamstat.common.record import record
from streamstat.common.registry import nearest
from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.asides import times_of
from streamstat.engine.columns import Columns
from streamstat.engine.shaping import column_operand
from streamstat.engine.views.batches import NO_TIME
from streamstat.engine.views.row_columns import evaluated_needs, want, with_numbers
from streamstat.expressions import Expression
from streamstat.input.events import Events
from streamstat.kernels import numbered_members
from streamstat.plan.job import Job
from streamstat.plan.viewing import CHANGED, View
from streamstat.values.columns import I64, ColumnType, Kind, Mask, Need, ResultField, Texts, Values, arrays

SHOWN_NEED = Need.NUMBER | Need.TEXT  # what is needed of a value that is shown
MOST_OF_A_NAME = 60  # characters of a name, in messages
CHANGED_FIELD = ResultField(CHANGED, ColumnType.TIME)


@record
class RowsShown:
    """n rows: their keys, their texts (empty where there is none), and when they changed."""

    keys: tuple[Values, ...]
    texts: Texts
    times: I64

    def __len__(self) -> int:
        return len(self.times)


@record
class ShownRows:
    """The columns of n rows, and which rows pass (None: all)."""

    columns: tuple[Values, ...]
    passing: Mask | None


class Shown:
    """What a job shows of rows. key_names: the columns of the key."""

    def __init__(self, job: Job, key_names: tuple[str, ...]) -> None:
        assert isinstance(job.kept, View)
        self._job, self._view, self._keys = job, job.kept, key_names
        self._seen: set[str] = set()  # paths that a row had
        self._rows = 0  # that were asked
        self._answered = 0  # for which --having was true or false
        self._unread: Counter[str] = Counter()  # by call, values of rows as they are of which it made nothing

    def begin_anew(self) -> None:
        """All rows are shown from here on."""
        self._unread.clear()

    def names(self, met: tuple[str, ...]) -> tuple[str, ...]:
        """The columns beside the key and the time. met: the names that rows have."""
        if self._view.columns:
            return tuple(name for name, _ in self._view.columns)
        return tuple(name for name in met if name not in self._keys)

    def fields(self, met: tuple[str, ...]) -> tuple[ResultField, ...]:
        """The key and the columns."""
        return tuple(ResultField(name, ColumnType.ANY) for name in (*self._keys, *self.names(met)))

    def found(self, texts: Texts, met: tuple[str, ...]) -> FoundObjects:
        """What is looked for in the texts of rows."""
        return decoded(texts, self._needs(self.names(met)), self._job.times, written=self._asks_written)

    def columns(self, table: RowsShown, met: tuple[str, ...], found: FoundObjects | None = None) -> ShownRows:
        """The columns of rows; null where there is no row. ValueError for texts that are no rows.

        found: in their texts, where somebody has looked before.
        """
        names = self.names(met)
        needs = self._needs(names)
        found = found or self.found(table.texts, met)
        places, n = found.rows, len(table)
        if len(places) != int(np.count_nonzero(np.diff(table.texts.offsets))):
            raise ValueError("rows: a text that is none")
        columns = Columns(found.events)
        self._rows += len(places)
        self._seen.update(path for path in needs if path not in self._seen and found.events.seen(path))
        times = table.times[places]
        columns.times = times_of(found.events, self._job, (times, times != NO_TIME))
        if self._view.columns:
            shown = {name: columns.evaluate(expression) for name, expression in self._view.columns}
            for _, expression in self._view.columns:
                for call, rows in columns.unread(expression).items():
                    self._unread[call] += int(np.count_nonzero(rows))
        else:
            shown = self._named(found.events, table.texts, names)
        passing = None
        if self._view.having is not None:
            keys = {name: taken(values, places) for name, values in zip(self._keys, table.keys, strict=True)}
            known = {**shown, **keys, CHANGED: column_operand(CHANGED_FIELD, changed_values(times))}
            passing = np.zeros(n, np.bool_)
            kinds = _condition(self._view.having, known, columns).kinds
            passing[places] = kinds == Kind.TRUE
            self._answered += int(np.count_nonzero((kinds == Kind.TRUE) | (kinds == Kind.FALSE)))
        return ShownRows(tuple(spread(shown[name], places, n) for name in names), passing)

    def warnings(self, met: tuple[str, ...]) -> tuple[str, ...]:
        """What no row had, and a condition that none has answered."""
        if not self._rows:
            return ()
        lacking = [path for path in self._asked() if path not in self._seen]
        said = [f"no row has {printable(path, MOST_OF_A_NAME)!r}{name_hint(path, met)}" for path in lacking]
        for call, number in self._unread.items():
            if number:
                said.append(f"{printable(call, MOST_OF_A_NAME)} made nothing of {counted(number, 'value')}")
        having = self._view.having
        if having is not None and not self._answered and not lacking:
            words = printable(having.text, MOST_OF_A_NAME)
            said.append(f"--having {words} was null in {counted(self._rows, 'row')}")
        return tuple(said)

    def _asked(self) -> list[str]:
        """The paths that options look for in rows."""
        asked = [path for _, expression in self._view.columns for path in expression.fields]
        if self._view.having is not None:
            known = (*self._keys, *(name for name, _ in self._view.columns), CHANGED)
            asked += [path for path in self._view.having.fields if path not in known]
        return list(dict.fromkeys(asked))

    def _named(self, events: Events, texts: Texts, names: tuple[str, ...]) -> dict[str, Values]:
        """The values of these names; those that a path would take apart have numbers instead."""
        if all(map(is_plain, names)):
            return {name: events.values(name) for name in names}
        numbered = Texts(*numbered_members(*arrays(texts), list(names)))
        needs = dict.fromkeys(map(str, range(len(names))), self._whole)
        found = decoded(numbered, needs, self._job.times).events
        return {name: found.values(str(i)) for i, name in enumerate(names)}

    @property
    def _whole(self) -> Need:
        return SHOWN_NEED | (Need.NUMERIC if self._job.numeric_text else Need.NOTHING)

    @property
    def _asks_written(self) -> bool:
        return any(expression.asks_written for _, expression in self._view.columns)

    def _needs(self, names: tuple[str, ...]) -> Mapping[str, Need]:
        """What is decoded of rows."""
        needs = evaluated_needs(each for _, each in self._view.columns if not each.field)
        shown = [each.field for _, each in self._view.columns if each.field]
        if not self._view.columns and all(map(is_plain, names)):
            shown += names
        for name in shown:
            want(needs, name, SHOWN_NEED)
        if self._view.having is not None:
            known = (*self._keys, *names, CHANGED)
            for path, need in self._view.having.fields.items():
                if path not in known:
                    want(needs, path, need | SHOWN_NEED)
        return with_numbers(needs) if self._job.numeric_text else needs


def changed_values(times: I64) -> Values:
    """Times as a column; null where nobody knows."""
    known = times != NO_TIME
    return Values(np.where(known, np.uint8(Kind.INTEGER), np.uint8(Kind.NULL)), np.where(known, times, 0))


def _condition(having: Expression, known: Mapping[str, Values], columns: Columns) -> Values:
    """What rows answer: names are those of columns, else of the row."""
    events = columns.events
    named = {path: known[path] if path in known else events.values(path) for path in having.fields}
    return having.evaluate(named, events.rows, columns.times, written=columns.written).values


def is_plain(name: str) -> bool:
    """Whether a name is a path that leads to itself alone."""
    return bool(name) and not set(".[") & set(name)


def name_hint(path: str, met: tuple[str, ...]) -> str:
    return f"; {nearest(path, met)}" if met else ""
