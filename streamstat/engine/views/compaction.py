"""The log without what is outdated: of each key the last record that was applied to it, byte for byte.

A record that moves a row to another key is the last one of both keys, if nothing follows. What a truncate has emptied
is gone, but for the truncate itself. What is kept of records is bounded by the number of keys.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from streamstat.changes import Op
from streamstat.common.errors import InputError
from streamstat.common.terminal import printable
from streamstat.engine.views.batches import ChangeBatch
from streamstat.engine.views.kept import Applied, RowsByKey
from streamstat.input.events import Events
from streamstat.values.cells import plain_texts
from streamstat.values.columns import I32, I64, ColumnType, Kind, Mask, Texts, concatenate_texts, take_texts

FEW_RECORDS = 1 << 16  # below this it is not worth while to look for what is no longer the last
NO_RECORD = -1  # in place of the number of a record
AT_ONCE = 1 << 14
PAYLOAD, TOPIC = "payload", "topic"  # of records of Kafka
BARE = 1  # of a tag: it says nothing of a table but its topic
OF_KEY, OF_OLD = 1, 2  # bits of `Applied.applied`


class Compaction:
    """The last records of a view, by their numbers in the stream. drops_tombstones: not those of keys without a row.

    finds_key: nobody has said what the key is, so that nothing is read before the first record that does.
    """

    def __init__(self, drops_tombstones: bool, finds_key: bool) -> None:
        self._drops_tombstones, self._finds_key = drops_tombstones, finds_key
        self._last: I64 = np.empty(0, np.int64)  # of each key, NO_RECORD where there is none
        self._has_row: Mask = np.empty(0, np.bool_)
        self._truncate = NO_RECORD
        self._records, self._topics = KeptRecords(), TopicTags()
        self._events: Events | None = None  # of the block at hand
        self._sequence, self._has_topics = 0, False

    def begin(self, events: Events, sequence: int, has_topics: bool) -> None:
        """A block comes. sequence: the number of its first record. has_topics: records are of topics."""
        self._events, self._sequence, self._has_topics = events, sequence, has_topics

    def take(self, batch: ChangeBatch, applied: Applied) -> None:
        """Changes of the block were applied."""
        self._grow(int(max(batch.slots.max(initial=NO_RECORD), batch.old_slots.max(initial=NO_RECORD))) + 1)
        begin, touched = 0, [np.empty(0, np.int32)]
        for place in np.flatnonzero((batch.ops == Op.TRUNCATE) & (applied.applied > 0)).tolist():
            touched.append(self._put(batch, applied, begin, place))
            self._empty(int(batch.records[place]), applied.slots[applied.changes == place])
            begin = place + 1
        touched.append(self._put(batch, applied, begin, len(batch)))
        self._keep(np.concatenate(touched))

    def _put(self, batch: ChangeBatch, applied: Applied, lo: int, hi: int) -> I32:
        """Changes [lo, hi) are the last of their keys by now; these keys."""
        bits = applied.applied[lo:hi]
        of_key, of_old = (np.flatnonzero(bits & bit) + lo for bit in (OF_KEY, OF_OLD))
        slots = np.concatenate([batch.old_slots[of_old], batch.slots[of_key]])
        changes = np.concatenate([of_old, of_key])
        has_row = np.concatenate([np.zeros(len(of_old), np.bool_), batch.ops[of_key] != Op.DELETE])
        order = np.argsort(changes, kind="stable")[::-1]
        keys, newest = np.unique(slots[order], return_index=True)
        self._last[keys] = batch.records[changes[order][newest]]
        self._has_row[keys] = has_row[order][newest]
        return keys

    def _empty(self, truncate: int, gone: I32) -> None:
        """A truncate has deleted the rows of these keys. A row whose position lies behind it has stayed."""
        self._truncate = truncate
        self._has_row[gone] = False
        self._last[~self._has_row] = NO_RECORD

    def _keep(self, touched: I32) -> None:
        """Keep what is needed of the block, and forget what no longer is."""
        assert self._events is not None
        numbers = np.unique(np.append(self._last[touched], self._truncate))
        numbers = numbers[numbers >= self._sequence]
        rows = numbers - self._sequence
        tags = np.zeros(len(rows), np.int32)
        if self._has_topics:
            tags = self._topics.tags(self._events, rows)
        self._records.add(numbers, tags, self._events.records_of(rows))
        if self._records.is_crowded:
            self._records.only(self._numbers(self._last))

    def _numbers(self, last: I64) -> I64:
        """The records that are the last of these keys, and the truncate, in the order of the log."""
        numbers: I64 = np.unique(np.append(last, self._truncate))
        found: I64 = numbers[numbers != NO_RECORD]
        return found

    def lines(self) -> Iterator[bytes]:
        """The compacted log, record by record."""
        numbers = self._numbers(self._last[self._has_row] if self._drops_tombstones else self._last)
        tags = self._records.tags_of(numbers)
        if self._finds_key and self._has_topics:
            tags[numbers == self._truncate] |= BARE
        numbers = numbers[self._topics.are_read(tags)]
        for lo in range(0, len(numbers), AT_ONCE):
            texts = self._records.texts_of(numbers[lo : lo + AT_ONCE])
            yield from (texts[i] for i in range(len(texts)))

    def _grow(self, n: int) -> None:
        more = max(n, len(self._last) + len(self._last) // 4) - len(self._last)
        if n > len(self._last):
            self._last = np.append(self._last, np.full(more, NO_RECORD, np.int64))
            self._has_row = np.append(self._has_row, np.zeros(more, np.bool_))


def check_whole(batch: ChangeBatch, applied: Applied, kept: RowsByKey) -> None:
    """InputError where a row cannot be told from its last record."""
    parts = np.flatnonzero(((batch.ops == Op.PATCH) | (batch.ops == Op.EDIT)) & ~applied.stale)
    if len(parts):
        columns = kept.key_columns(batch.slots[parts[:1]])
        key = (plain_texts(ColumnType.ANY, column)[0].decode("utf-8", "replace") for column in columns)
        problem = f"a record of the key {printable(', '.join(key))} leaves a value out"
        raise InputError("--compact", problem, "leave --compact out, as that record is not the whole row")


class TopicTags:
    """Of records in topics whether they have a payload, and which topic each is in.

    A record without payload says nothing of a table but its topic, so that it is read only behind one that has a
    payload in that topic. Others would be left out when the compacted log is read.
    """

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def tags(self, events: Events, rows: I64) -> I32:
        """Of each of these rows twice the number of its topic, and 1 more if it has no payload."""
        _, labels = events.dictionary(TOPIC)
        known = [self._numbers.setdefault(labels[i], len(self._numbers)) for i in range(len(labels))]
        is_bare = events.kinds(PAYLOAD)[rows] == Kind.NULL
        topics: I32 = np.array(known, np.int32)[events.codes(TOPIC)[rows]]
        tags: I32 = 2 * topics + is_bare.astype(np.int32)
        return tags

    def are_read(self, tags: I32) -> Mask:
        """Which of these records, in the order of the log, have a payload or stand behind one of their topic."""
        topics, is_bare = tags >> 1, tags & BARE == BARE
        first = np.full(int(topics.max(initial=0)) + 1, len(tags))
        with_one = np.flatnonzero(~is_bare)
        known, places = np.unique(topics[with_one], return_index=True)
        first[known] = with_one[places]
        found: Mask = ~is_bare | (np.arange(len(tags)) > first[topics])
        return found


class KeptRecords:
    """The bytes of records by ascending numbers, with a tag; what is no longer wanted is forgotten now and then."""

    def __init__(self) -> None:
        self._parts: list[tuple[I64, I32, Texts]] = []
        self._wanted = 0  # how many there were after the last look

    def add(self, numbers: I64, tags: I32, records: Sequence[bytes]) -> None:
        """Later ones. Parts are joined as they grow, so that there are never many."""
        if not len(numbers):
            return
        offsets = np.cumsum([0, *map(len, records)], dtype=np.int64)
        self._parts.append((numbers, tags, Texts(offsets, np.frombuffer(b"".join(records), np.uint8))))
        while len(self._parts) > 1 and len(self._parts[-2][0]) <= 2 * len(self._parts[-1][0]):
            ours, theirs, texts = zip(*self._parts[-2:], strict=True)
            self._parts[-2:] = [(np.concatenate(ours), np.concatenate(theirs), concatenate_texts([*texts]))]

    @property
    def is_crowded(self) -> bool:
        """Whether it is time to say which are still wanted."""
        return sum(len(numbers) for numbers, *_ in self._parts) > 2 * self._wanted + FEW_RECORDS

    def only(self, numbers: I64) -> None:
        """Forget all but these."""
        kept = (numbers, self.tags_of(numbers), self.texts_of(numbers))
        self._parts = [kept] if len(numbers) else []
        self._wanted = len(numbers)

    def tags_of(self, numbers: I64) -> I32:
        """The tags of records by their ascending numbers; they are all there."""
        found = [part[1][places] for part, places in self._among(numbers)]
        return np.concatenate(found) if found else np.empty(0, np.int32)

    def texts_of(self, numbers: I64) -> Texts:
        """The bytes of the same."""
        return concatenate_texts([take_texts(part[2], places) for part, places in self._among(numbers)])

    def _among(self, numbers: I64) -> Iterator[tuple[tuple[I64, I32, Texts], I64]]:
        """Where they are in each part."""
        for part in self._parts:
            lo, hi = np.searchsorted(numbers, [part[0][0], part[0][-1] + 1])
            yield part, np.searchsorted(part[0], numbers[lo:hi])
