"""What records of Debezium have in common, with a schema around them or without: paths, tables, positions, placeholders.

Of PostgreSQL a position is `source.sequence` (a commit and a row: commits go up, rows of transactions that overlap do
not), of MySQL file, place and row, of SQL Server its two numbers and the event's own, of MongoDB the time and its
ordinal. A row's LSN by itself orders nothing.
"""

from collections.abc import Mapping

import numpy as np

from streamstat import kernels
from streamstat.changes.columns import arrays, spread_texts, taken, taken_texts, texts_of
from streamstat.changes.positions import Positions, Spaces, flags, nowhere, placed, same
from streamstat.common.record import record
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Kind, Mask, Need, Texts, Values, take_texts, no_texts

MARKS = (
    "__debezium_unavailable_value",
    "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==",  # the same in base64, as columns of bytes have it
)


@record
class SourcePaths:
    """Where a record says where it is from."""

    prefix: str  # of each name, such as `source.`

    def needs(self) -> Mapping[str, Need]:
        """What positions and tables need."""
        codes = ("db", "schema", "table", "collection", "file", "server_id", "name")
        texts = ("sequence", "commit_lsn", "change_lsn")
        numbers = ("pos", "row", "event_serial_no", "ord", "ts_ms")
        return {
            **dict.fromkeys((self.prefix + name for name in codes), Need.CODE),
            **dict.fromkeys((self.prefix + name for name in texts), Need.TEXT),
            **dict.fromkeys((self.prefix + name for name in numbers), Need.NUMBER),
        }

    def positions(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        """Of each row the first of these that it has."""
        found = nowhere(len(rows))
        ways = (
            ("ord", self._of_mongodb),
            ("commit_lsn", self._of_sql_server),
            ("file", self._of_mysql),
            ("sequence", self._of_postgresql),
        )
        for field, way in ways:
            if events.rows and events.seen(self.prefix + field):
                found = _first(way(events, rows, spaces), found)
        return found

    def _of_postgresql(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        path = self.prefix + "sequence"
        texts = taken_texts(events.texts(path), rows)
        commits, lsns, valid = kernels.sequences(*arrays(texts))
        known = flags(valid) & (events.kinds(path)[rows] == Kind.TEXT)
        return placed(spaces.numbers([same(b"sequence", len(rows))]), [commits, lsns], known)

    def _of_mysql(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        files = _coded(events, self.prefix + "file")
        (numbers, _, valid), bases = kernels.log_places(*arrays(files.texts or no_texts(len(files))))
        known_file = flags(valid) & (files.kinds == Kind.TEXT)
        codes = events.codes(self.prefix + "file")[rows]
        servers, named = _servers(events, self.prefix + "server_id", rows)
        bases = take_texts(Texts(*bases), codes)
        names = Texts(*kernels.joined_texts(*arrays(bases), *arrays(servers)))
        spaces_of = spaces.numbers([Values(np.full(len(rows), Kind.TEXT, np.uint8), np.zeros(len(rows), np.int64), names)])
        del named
        pos, row = (events.numbers(self.prefix + name)[rows] for name in ("pos", "row"))
        known = known_file[codes] & self._are_counts(events, rows, "pos", "row")
        return placed(spaces_of, [numbers[codes], pos, row], known)

    def _of_sql_server(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        columns, known = [], np.ones(len(rows), np.bool_)
        for name in ("commit_lsn", "change_lsn"):
            texts = taken_texts(events.texts(self.prefix + name), rows)
            high, low, valid = kernels.hex_lsns(*arrays(texts))
            columns += [high, low]
            known &= flags(valid)
        serial = np.where(self._are_counts(events, rows, "event_serial_no"), self._numbers(events, rows), 0)
        return placed(spaces.numbers([same(b"lsn", len(rows))]), [*columns, serial], known)

    def _numbers(self, events: Events, rows: I64) -> I64:
        return events.numbers(self.prefix + "event_serial_no")[rows]

    def _of_mongodb(self, events: Events, rows: I64, spaces: Spaces) -> Positions:
        columns = [events.numbers(self.prefix + name)[rows] for name in ("ts_ms", "ord")]
        known = self._are_counts(events, rows, "ts_ms", "ord")
        return placed(spaces.numbers([same(b"ord", len(rows))]), columns, known)

    def _are_counts(self, events: Events, rows: I64, *names: str) -> Mask:
        """Where all of these are whole numbers from 0 on."""
        known = np.ones(len(rows), np.bool_)
        for name in names:
            path = self.prefix + name
            known &= (events.kinds(path)[rows] == Kind.INTEGER) & (events.numbers(path)[rows] >= 0)
        return known
