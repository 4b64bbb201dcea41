"""From matches to result rows: each takes a slot, which is fed with its events and read."""

from collections.abc import Mapping

import numpy as np

from streamstat.aggregates import Place
from streamstat.common.record import record
from streamstat.engine.kept import KeptEvents, KeptRows
from streamstat.engine.keys import Keys
from streamstat.engine.store import Store
from streamstat.engine.wanted import ARGUMENT, VALUE, WRITTEN, Wanted, values_of
from streamstat.expressions import Expression
from streamstat.kernels import step_lists
from streamstat.patterns.sought import TAKEN, Sought, asked_of_taken
from streamstat.plan.job import Job
from streamstat.states import Batch, Cells
from streamstat.values.columns import I32, I64, U8, U64, Kind, Mask, Rows, Texts, Values, integers

EVENTS_AT_ONCE = 1 << 17


@record
class Matches:
    """m matches: group int32[m], start and end int64[m]; events [offsets[i], offsets[i + 1]) are those of match i:
    their numbers int64[k], and the bits as which they were taken uint8[k]."""

    groups: I32
    starts: I64
    ends: I64
    offsets: I64
    numbers: I64
    bits: U8

    def __len__(self) -> int:
        return len(self.groups)

    def at(self, places: I64) -> "Matches":
        """The matches at these places, in that order."""
        lengths = np.diff(self.offsets)[places]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        events = np.repeat(self.offsets[:-1][places] - offsets[:-1], lengths) + np.arange(offsets[-1])
        return Matches(
            self.groups[places],
            self.starts[places],
            self.ends[places],
            offsets,
            self.numbers[events],
            self.bits[events],
        )


class MatchRows:
    """Makes rows of matches."""

    def __init__(self, job: Job, sought: Sought, keys: Keys, store: Store, kept: KeptEvents) -> None:
        self._job, self._sought, self._keys, self._store, self._kept = job, sought, keys, store, kept
        self._names = [name.encode() for name in sought.program.bits]

    def of(self, matches: Matches) -> list[Rows]:
        """The rows of matches, by end, group, start and last event; they come by start and last event."""
        matches = matches.at(self._keys.row_order(matches.groups, matches.ends))
        found, begin = [], 0
        while begin < len(matches):
            most = matches.offsets[begin] + EVENTS_AT_ONCE
            end = max(int(np.searchsorted(matches.offsets, most, side="right")) - 1, begin + 1)
            found.append(self._rows(matches.at(np.arange(begin, end))))
            begin = end
        return found

    def _rows(self, matches: Matches) -> Rows:
        m, lengths = len(matches), np.diff(matches.offsets)
        slots = np.arange(m, dtype=np.int32)
        self._store.reserve(m)
        events = self._kept.of(matches.numbers) if self._kept.has_columns else None
        times = np.zeros(len(matches.numbers), np.int64) if events is None else events.times
        batch = Batch(np.repeat(slots, lengths), times, 0)
        self._store.update(batch, TakenColumns(events, matches.bits, times), 0, len(times))
        columns = [integers(matches.starts), integers(matches.ends), *self._keys.columns(matches.groups)]
        columns += self._store.results(Place(slots, matches.ends - matches.starts))
        self._store.clear(slots)
        if events is not None and self._sought.events:
            columns.append(self._lists(matches, events.cells[Wanted(WRITTEN, "").label]["texts"]))
        return Rows(self._job.fields, tuple(columns))

    def _lists(self, matches: Matches, written: Texts) -> Values:
        m = len(matches)
        offsets, data = step_lists(matches.offsets, matches.bits, self._names, written.offsets, written.data)
        return Values(np.full(m, Kind.JSON, np.uint8), np.zeros(m, np.int64), Texts(offsets, data))


@record
class KeptArgument:
    """An argument of an aggregate, of events that were kept."""

    cells: Cells
    lo: int
    hi: int

    @property
    def kinds(self) -> U8:
        kinds: U8 = self.cells["kinds"][self.lo : self.hi]
        return kinds

    @property
    def numbers(self) -> I64:
        numbers: I64 = self.cells["numbers"][self.lo : self.hi]
        return numbers

    @property
    def hashes(self) -> U64:
        hashes: U64 = self.cells["hashes"][self.lo : self.hi]
        return hashes

    @property
    def texts(self) -> Texts:
        texts: Texts = self.cells["texts"]
        return Texts(texts.offsets[self.lo : self.hi + 1], texts.data)


class TakenColumns:
    """Events that were taken, as aggregates see them. events: None where nothing is wanted of them."""

    def __init__(self, events: KeptRows | None, bits: U8, times: I64) -> None:
        self._cells: Mapping[str, Cells] = {} if events is None else events.cells
        kinds = np.full(len(bits), Kind.INTEGER, np.uint8)
        self._others = {TAKEN: Values(kinds, bits.astype(np.int64))}
        self._n = len(bits)

    def condition(self, expression: Expression) -> Mask:
        """Where a condition holds."""
        fields = {
            path: values_of(self._cells[Wanted(VALUE, path).label]) for path in asked_of_taken(expression)
        }
        holds: Mask = expression.evaluate(fields, self._n, None, self._others).values.kinds == Kind.TRUE
        return holds

    def argument(self, expression: Expression, lo: int, hi: int) -> KeptArgument:
        """An argument of an aggregate, rows [lo, hi)."""
        return KeptArgument(self._cells[Wanted(ARGUMENT, expression.text).label], lo, hi)

    def mark_bad(self, expression: Expression, condition: str | None, lo: int, slots: I32) -> None:
        """What is no number was told when the event came."""
