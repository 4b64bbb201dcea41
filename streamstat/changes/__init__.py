"""The log of the changes of a table: what its records say, whatever format they are written in.

One file a format; a `ChangeReader` makes `Changes` of a block of decoded records, in the order of the log. It knows no
view and keeps no row: only what the log itself needs to be read, such as a transaction that is still open. Begin with
`Changes`; `reading.reader_of` makes a reader, `telling.told` finds the format.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Protocol

import numpy as np

from streamstat.common.record import record
from streamstat.expressions import Expression
from streamstat.input.events import Events
from streamstat.kernels import TimeReader
from streamstat.values.columns import I32, I64, U8, Mask, Need, Texts, Values
from streamstat.values.packing import Part


class Op(IntEnum):
    """What a change does with the row of its key."""

    PUT = 0  # the row is this one
    PATCH = 1  # the row has these columns; others stay as they are
    DELETE = 2
    TRUNCATE = 3  # every row goes; it has no key
    READ = 4  # the row as a snapshot has it: as PUT, but any change of the log itself is worth more
    EDIT = 5  # as PATCH, by steps that may lie deep in the row: see kernels/changes/edits.hpp


@record
class InnerTimes:
    """Where times stand that are not in the records themselves, but in what their texts hold.

    events: what was found in texts. fields: those that hold its times, in order. rows: of each change the row of
    `events`, -1 where there is none: then the time of the record stands.
    """

    events: Events
    fields: tuple[str, ...]
    rows: I64


@record
class Faults:
    """Rows of records of the format that cannot be read as a change, and of each which of the reasons."""

    rows: I64
    codes: I32
    reasons: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)


NO_TRANSACTIONS: I64 = np.zeros(0, np.int64)


@record
class Changes:
    """The n changes of a block in the order of the log.

    rows: the record that each is of, as a row of the block, never descending; one may give none, one or many. ops: of
    `Op`. keys: a column for each column of the key; of DELETE those of the row that goes, of TRUNCATE null.
    old_keys: where `moved`, the key that the row had before; both None where none did. texts: the row, or what the
    change has of it, as a JSON object on one line, its members spelt as they came; of DELETE and TRUNCATE empty.
    kept: an object whose names are columns that the row has although the change does not say what is in them; None
    where no change has such.
    spaces: the number of the order in which its position stands, such as a partition; -1: it has none. positions:
    bytes that compare as positions do. groups: the number of its transaction, never descending; of the block and all
    before, those below `whole` are whole. filtered: rows of records that are no change of this table.
    dated: None where the times of records are those of their changes. cut: numbers of transactions, of this block or
    one before, whose end will not come: nothing of them is to be applied.
    """

    rows: I64
    ops: U8
    keys: tuple[Values, ...]
    old_keys: tuple[Values, ...] | None
    moved: Mask | None
    texts: Texts
    kept: Texts | None
    spaces: I32
    positions: Texts
    groups: I64
    whole: int
    filtered: I64
    bad: Faults
    dated: InnerTimes | None = None
    cut: I64 = NO_TRANSACTIONS

    def __len__(self) -> int:
        return len(self.rows)


class LogRecords(Protocol):
    """The records of a block as a reader looks at them."""

    @property
    def events(self) -> Events: ...

    def condition(self, expression: Expression) -> Mask:
        """Where a condition holds."""
        ...

    def written(self) -> Texts:
        """All records as they were written."""
        ...


@record
class LogOptions:
    """What is asked of any reader: paths of the key columns (None: as the log says), the table (None: the only one),
    when a record says that its row is gone; fields that hold times where a format names none; how times are read."""

    key: tuple[str, ...] | None = None
    table: str | None = None
    deleted: Expression | None = None
    time_fields: tuple[str, ...] = ()
    times: TimeReader = TimeReader()


class ChangeReader(Part, Protocol):
    """Reads the log of one table.

    needs: what the decoder is to make of which fields of a record; written: whether records are asked for as they
    were written. time: the fields that hold the time of a change, in order.
    """

    @property
    def needs(self) -> Mapping[str, Need]: ...

    @property
    def written(self) -> bool: ...

    @property
    def time(self) -> tuple[str, ...]: ...

    @property
    def key_names(self) -> tuple[str, ...] | None:
        """The columns of the key: as asked, else as the first change says; None: it has not come yet."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know, such as columns that only a schema could tell."""
        ...

    def read(self, records: LogRecords, left: Mask | None, keys: Texts | None = None) -> Changes:
        """The changes of a block. Wherever blocks are cut, the changes are the same.

        left: the rows that are asked for (None: all); of others nothing is told, but where a transaction ends. keys:
        objects that hold the key and stand beside records, empty where there is none.
        InputError where there are two tables and none was asked for, or another key than before; UsageError where a
        key has to be named.
        """
        ...
