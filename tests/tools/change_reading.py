"""A log of changes as it is read by a reader, in any blocks, told as the plain twin tells it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from oracle.changes import Change, Log, parsed, spelt

from streamstat.changes import ChangeReader, Changes, LogOptions, Op
from streamstat.changes.inner import InnerRecords
from streamstat.changes.reading import reader_of
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.values.columns import Kind, Texts, Values

SPELT = {Kind.NULL: "null", Kind.FALSE: "false", Kind.TRUE: "true"}


class ReadLog:
    """What a reader has told of blocks of lines: as the twin has it, spaces and positions as they are."""

    def __init__(self, told: str, options: LogOptions) -> None:
        self.told, self.options = told, options
        self.reader: ChangeReader = reader_of(told, options)
        self.changes: list[Change] = []
        self.filtered: list[int] = []
        self.bad: list[int] = []
        self.reasons: list[str] = []
        self.whole = 0
        self._records = 0

    def block(self, lines: Sequence[str]) -> Changes:
        """Read more of the log."""
        reader, deleted = self.reader, self.options.deleted
        needs = {**reader.needs, **({} if deleted is None else deleted.fields)}
        decoder = decoder_of(Ndjson(), needs, self.options.times, written=reader.written)
        events = decode_bytes(decoder, "".join(f"{line}\n" for line in lines).encode())
        assert events.rows == len(lines), "lines that are no records are told by whoever decodes"
        found = reader.read(InnerRecords(events), None)
        self._take(found)
        self._records += len(lines)
        return found

    def restored(self) -> None:
        """Go on with a new reader from a snapshot."""
        snapshot = self.reader.snapshot()
        self.reader = reader_of(self.told, self.options)
        self.reader.restore(snapshot)

    def _take(self, found: Changes) -> None:
        at = self._records
        self.changes += [_change(found, i, at) for i in range(len(found))]
        self.filtered += (found.filtered + at).tolist()
        self.bad += (found.bad.rows + at).tolist()
        self.reasons += [found.bad.reasons[code] for code in found.bad.codes.tolist()]
        self.whole = found.whole
        assert (np.diff(found.groups) >= 0).all() and (np.diff(found.rows) >= 0).all()


def _change(found: Changes, i: int, at: int) -> Change:
    op = Op(int(found.ops[i]))
    text = found.texts[i].decode()
    moved = found.moved is not None and bool(found.moved[i])
    kept = found.kept[i] if found.kept is not None else b""
    return Change(
        record=int(found.rows[i]) + at,
        op=op.name.lower(),
        key=None if op is Op.TRUNCATE else key_at(found.keys, i),
        row=parsed(text) if text else None,
        old_key=key_at(found.old_keys, i) if moved and found.old_keys is not None else None,
        kept=tuple(parsed(kept.decode())) if kept else (),
        space=int(found.spaces[i]),
        position=found.positions[i],
        transaction=int(found.groups[i]),
    )


def key_at(key: tuple[Values, ...], i: int) -> tuple[str, ...]:
    """The spelling of each column of a key."""
    return tuple(_spelt(column, i) for column in key)


def _spelt(column: Values, i: int) -> str:
    kind = Kind(int(column.kinds[i]))
    if kind in SPELT:
        return SPELT[kind]
    text = (column.texts or Texts(np.zeros(1, np.int64), np.zeros(0, np.uint8)))[i].decode()
    return spelt(text) if kind is Kind.TEXT else spelt(parsed(text))


def packed(position: Any) -> bytes:
    """A position of the twin as the reader gives it."""
    if position is None:
        return b""
    return (
        position.encode()
        if isinstance(position, str)
        else b"".join(each.to_bytes(8, "big") for each in position)
    )


def alike(read: ReadLog, twin: Log) -> None:
    """Both have found the same; AssertionError if not."""
    plain = [_normal(each, packed(each.position), each.row) for each in twin.changes]
    assert [_normal(each, each.position, each.row) for each in read.changes] == plain
    assert (read.filtered, read.bad) == (twin.filtered, twin.bad)
    spaces = [None if each.position is None else each.space for each in twin.changes]
    assert _classes([each.space for each in read.changes]) == _classes(spaces)
    assert _classes(each.transaction for each in read.changes) == _classes(
        each.transaction for each in twin.changes
    )
    is_open = [each.transaction == twin.open for each in twin.changes]
    assert [each.transaction >= read.whole for each in read.changes] == is_open


def _normal(change: Change, position: bytes, row: Any) -> tuple[Any, ...]:
    row = None if change.op in ("delete", "truncate") else row
    return (change.record, change.op, change.key, row, change.old_key, change.kept, position)


def _classes(values: Any) -> list[int]:
    """Which are equal, whatever they are."""
    numbers: dict[Any, int] = {}
    return [numbers.setdefault(each, len(numbers)) for each in values]


def shown(change: Change, spaces: list[int]) -> str:
    """A change on one line: `0 patch 8 {"id":8} from 7 keeps doc at 0: 6 80`; spaces: in the order to be shown."""
    parts = [str(change.record), change.op, ",".join(change.key or ())]
    if change.op not in ("delete", "truncate"):
        parts.append(spelt(change.row))
    if change.old_key is not None:
        parts += ["from", ",".join(change.old_key)]
    if change.kept:
        parts += ["keeps", ",".join(change.kept)]
    if change.space >= 0:
        parts += [f"at {spaces.index(change.space)}:", _place(change.position)]
    return " ".join(part for part in parts if part)


def _place(position: bytes) -> str:
    if position.isalnum():
        return position.decode()
    return " ".join(str(int.from_bytes(position[i : i + 8], "big")) for i in range(0, len(position), 8))
