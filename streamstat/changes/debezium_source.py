"""Where a change of Debezium is from: its table, and its position in the log of the database.

Of PostgreSQL a position is `sequence` (a commit and a row: commits only go up, rows of transactions that overlap do
not), of MySQL file, place and row, of SQL Server two numbers and the event's own, of MongoDB a time and its ordinal.
A row's LSN by itself orders nothing.
"""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes.columns import coded_values, taken_texts
from streamstat.changes.positions import Positions, Spaces, first_known, flags, placed, unplaced
from streamstat.changes.tables import RowTables, row_tables
from streamstat.input.events import Events
from streamstat.values.columns import I64, Kind, Mask, Need, Texts, Values, arrays, take_texts

_CODES = ("db", "schema", "table", "collection", "file", "server_id")
_SPELT = ("sequence", "commit_lsn", "change_lsn")
_COUNTS = ("pos", "row", "event_serial_no", "ord", "ts_ms")


class ChangeSource:
    """Reads the fields whose names begin so, such as `source.`."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    @property
    def needs(self) -> Mapping[str, Need]:
        """All that it looks at."""
        wanted = ((_CODES, Need.CODE), (_SPELT, Need.TEXT), (_COUNTS, Need.NUMBER))
        return {self._prefix + name: need for names, need in wanted for name in names}

    def tables(self, events: Events) -> RowTables:
        """The table of each row of the block."""
        ways = (("db", "schema", "table"), ("db", "collection"))
        return row_tables(events, *(tuple(self._prefix + name for name in way) for way in ways))

    def positions(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        """The position of each of these rows, by the first way in which it has one."""
        found = unplaced(len(rows))
        ways = {
            "ord": self._of_mongodb,
            "commit_lsn": self._of_sql_server,
            "file": self._of_mysql,
            "sequence": self._of_postgresql,
        }
        for field, way in ways.items():
            if events.rows and events.seen(self._prefix + field):
                found = first_known(way(events, rows, spaces), found)
        return found

    def _of_postgresql(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        texts = taken_texts(events.texts(self._prefix + "sequence"), rows)
        commits, lsns, valid = kernels.sequences(*arrays(texts))
        return placed(spaces.numbered(b"sequence", len(rows)), [commits, lsns], flags(valid))

    def _of_mysql(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        path = self._prefix + "file"
        kinds, files = events.dictionary(path)
        (numbers, _, valid), bases = kernels.log_places(*arrays(files), False)
        is_file = flags(valid) & (kinds == Kind.TEXT)
        codes = events.codes(path)[rows]
        base = Values(kinds[codes], np.zeros(len(rows), np.int64), take_texts(Texts(*bases), codes))
        known = is_file[codes] & self._are_counts(events, rows, "pos", "row")
        orders = spaces.numbers(base, coded_values(events, self._prefix + "server_id", rows), known)
        return placed(orders, [numbers[codes], *self._counts(events, rows, "pos", "row")], known)

    def _of_sql_server(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        columns, known = [], np.ones(len(rows), np.bool_)
        for name in ("commit_lsn", "change_lsn"):
            texts = taken_texts(events.texts(self._prefix + name), rows)
            high, low, valid = kernels.hex_lsns(*arrays(texts))
            columns += [high, low]
            known &= flags(valid)
        (serial,) = self._counts(events, rows, "event_serial_no")
        serial = np.where(self._are_counts(events, rows, "event_serial_no"), serial, 0)
        return placed(spaces.numbered(b"lsn", len(rows)), [*columns, serial], known)

    def _of_mongodb(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        known = self._are_counts(events, rows, "ts_ms", "ord")
        return placed(spaces.numbered(b"ord", len(rows)), self._counts(events, rows, "ts_ms", "ord"), known)

    def _counts(self, events: Events, rows: I64, *names: str) -> list[I64]:
        return [events.numbers(self._prefix + name)[rows] for name in names]

    def _are_counts(self, events: Events, rows: I64, *names: str) -> Mask:
        """Where all of these are whole numbers from 0 on."""
        known = np.ones(len(rows), np.bool_)
        for name, numbers in zip(names, self._counts(events, rows, *names), strict=True):
            known &= (events.kinds(self._prefix + name)[rows] == Kind.INTEGER) & (numbers >= 0)
        return known
