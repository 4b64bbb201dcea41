"""Records of Kafka as `kcat -J` prints them, around changes of another format: key and payload are texts with JSON.

What the payloads are is told by the first that is none of control. A null payload deletes the row of its key; one with
an error beside it is none. Where a change stands in the log is its partition and offset.
"""

import json
from collections.abc import Callable, Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes import ChangeReader, Changes, InnerTimes, LogOptions, LogRecords, Op
from streamstat.changes.columns import coded_values, on_one_line, taken, taken_texts
from streamstat.changes.deletes import Deletes, with_fields
from streamstat.changes.inner import InnerRecords, records_inside
from streamstat.changes.key import ChangeKeys, is_whole, key_columns
from streamstat.changes.log import Draft, Log, LogFindings, no_changes
from streamstat.changes.positions import placed
from streamstat.changes.reasons import FAILED, NO_KEY, NO_PAYLOAD
from streamstat.changes.tables import RowTables
from streamstat.changes.telling import format_told, record_in
from streamstat.changes.topics import Topics
from streamstat.input.events import Events
from streamstat.values.columns import I64, Kind, Mask, Need, Texts, arrays, no_texts
from streamstat.values.packing import Packer, Unpacker

TABLELESS = ("upsert", "flink", "debezium:flat")  # formats whose records do not say which table they are of


class Kcat:
    """Reads what is in payloads by another reader, which `reader_of` makes by its name."""

    written = False
    time = ("ts",)

    def __init__(self, asked: LogOptions, reader_of: Callable[[str, LogOptions], ChangeReader]) -> None:
        self._asked, self._reader_of = asked, reader_of
        self.log, self._topics = Log(asked), Topics(asked.table)
        self._inner: ChangeReader | None = None
        self._name = ""
        self._deletes = Deletes()

    @property
    def needs(self) -> Mapping[str, Need]:
        """All of a record but its headers."""
        codes = dict.fromkeys(("topic", "partition"), Need.CODE)
        texts = dict.fromkeys(("key", "payload"), Need.TEXT)
        return {**codes, **texts, "offset": Need.NUMBER, "payload_error": Need.NOTHING}

    @property
    def inner(self) -> str:
        """The format of payloads; empty while it is not known."""
        return self._name

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key."""
        return self._asked.key if self._inner is None else self._inner.key_names

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the reader of payloads has to say."""
        return () if self._inner is None else self._inner.warnings

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """The changes in payloads, and the deletes of keys that have none."""
        events = records.events
        kinds, failed = events.kinds("payload"), events.kinds("payload_error") != Kind.NULL
        payloads, with_one = (
            on_one_line(events.texts("payload")),
            np.flatnonzero((kinds != Kind.NULL) & ~failed),
        )
        is_left = np.ones(events.rows, np.bool_) if left is None else left[: events.rows].copy()
        found = LogFindings(np.flatnonzero(is_left))
        found.fault(np.flatnonzero(failed & is_left), FAILED)
        begin = self._begin(payloads, with_one[is_left[with_one]], found)
        is_left[:begin] = False
        if self._inner is None:
            return self.log.changes(no_changes(), found)
        with_one = with_one[with_one >= begin]
        topics, beside = self._topics.row_tables(events), self._keys(events)
        is_left &= self._may_be_asked(topics)
        changes = self._read(self._inner, taken_texts(payloads, with_one), with_one, is_left, beside, found)
        if self._name in TABLELESS:
            self._topics.table.of_it(topics, changes.rows)
        gone = np.flatnonzero(is_left & (kinds == Kind.NULL) & ~failed)
        gone = gone[self._topics.of_table(topics, gone, changes.rows)]
        deleted = self._gone(gone, taken_texts(beside, gone), found)
        return self._put_together(events, changes, deleted, found)

    def _begin(self, payloads: Texts, rows: I64, found: LogFindings) -> int:
        """The first row that counts: the one that tells what payloads are. Nothing has been there before it."""
        if self._inner is not None:
            return 0
        unread = []
        for row in rows.tolist():
            if record_in(payloads[row]) is None:
                unread.append(row)
            elif (name := format_told([payloads[row]])) is not None:
                self._make("upsert" if name == "kcat" else name)
                break
        found.fault(np.array(unread, np.int64), NO_PAYLOAD)
        return 0 if self._inner is None else int(row)

    def _make(self, name: str) -> None:
        self._name, self._inner = name, self._reader_of(name, self._asked)

    def _keys(self, events: Events) -> Texts:
        """The keys of records as objects: a value by itself is that of the only column, if one was asked for."""
        key = self._asked.key
        name = json.dumps(key[0], ensure_ascii=False) if key is not None and len(key) == 1 else ""
        kinds = np.ascontiguousarray(events.kinds("key"))
        return on_one_line(Texts(*kernels.objects_of_keys(kinds, *arrays(events.texts("key")), name)))

    def _may_be_asked(self, topics: RowTables) -> Mask:
        """Which rows may be of the table, as far as only their topics say so."""
        if self._name not in TABLELESS:
            return np.ones(len(topics.codes), np.bool_)
        mine: Mask = np.array([self._topics.table.is_mine(label) for label in topics.labels])[topics.codes]
        return mine

    def _read(
        self,
        inner: ChangeReader,
        payloads: Texts,
        rows: I64,
        is_left: Mask,
        beside: Texts,
        found: LogFindings,
    ) -> Changes:
        """What the payloads of these rows say."""
        within = records_inside(payloads, inner, self._asked.deleted, self._asked.times)
        of = rows[within.rows]
        unread = np.delete(rows, within.rows)
        found.fault(unread[is_left[unread]], NO_PAYLOAD)
        made = inner.read(InnerRecords(within.events), is_left[of], taken_texts(beside, of))
        for code, reason in enumerate(made.bad.reasons):
            found.fault(of[made.bad.rows[made.bad.codes == code]], reason)
        is_told = np.zeros(len(of), np.bool_)
        for told_rows in (made.rows, made.bad.rows, made.filtered):
            is_told[told_rows] = True
        found.hold(of[~is_told & is_left[of]])
        return with_fields(made, rows=of[made.rows], dated=InnerTimes(within.events, inner.time, made.rows))

    def _gone(self, rows: I64, beside: Texts, found: LogFindings) -> Draft:
        """The deletes of keys of records without payload."""
        names = self.key_names
        if names is None:
            return no_changes()
        key = key_columns(names, beside)
        known = is_whole(key)
        found.fault(rows[~known], NO_KEY)
        at = np.flatnonzero(known)
        keys = ChangeKeys(tuple(taken(column, at) for column in key))
        return Draft(rows[at], np.full(len(at), Op.DELETE, np.uint8), no_texts(len(at)), keys=keys)

    def _put_together(self, events: Events, changes: Changes, deleted: Draft, found: LogFindings) -> Changes:
        """Both in the order of the log, with their positions in it."""
        both = self._deletes.among(changes, deleted)
        rows = both.rows
        offsets = events.numbers("offset")[rows]
        known = (events.kinds("offset")[rows] == Kind.INTEGER) & (offsets >= 0)
        topics, partitions = (coded_values(events, path, rows) for path in ("topic", "partition"))
        spaces = self.log.spaces.numbers(topics, partitions, known)
        at = placed(spaces, [offsets], known)
        return with_fields(
            both, spaces=at.spaces, positions=at.texts, filtered=found.filtered(rows), bad=found.bad
        )

    def snapshot(self) -> bytes:
        """What has been read, what payloads are, and what their reader has read."""
        packer = Packer().blob("log", self.log.snapshot()).blob("format", self._name.encode())
        self._topics.snapshot(packer)
        self._deletes.snapshot(packer)
        return packer.blob("inner", b"" if self._inner is None else self._inner.snapshot()).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self.log.restore(unpacker.blob("log"))
        name = unpacker.blob("format").decode()
        self._topics.restore(unpacker)
        self._deletes.restore(unpacker)
        inner = unpacker.blob("inner")
        unpacker.end()
        if name:
            if name == "kcat":
                raise ValueError("format: kcat in itself")
            try:
                self._make(name)
            except KeyError:
                raise ValueError(f"format: there is no {name!r}") from None
            assert self._inner is not None
            self._inner.restore(inner)
