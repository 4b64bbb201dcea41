"""What every reader of a log keeps, and how what it has found in a block becomes `Changes`."""

from collections.abc import Mapping

import numpy as np

from streamstat.changes import Changes, Faults, InnerTimes, LogOptions, Op
from streamstat.changes.columns import emptied, nulls, taken_array
from streamstat.changes.key import ChangeKeys, TableKey, is_whole, keys_behind
from streamstat.changes.positions import Positions, Spaces, unplaced
from streamstat.changes.reasons import NO_KEY
from streamstat.changes.tables import RowTables, Table
from streamstat.common.record import record
from streamstat.input.events import Events
from streamstat.values.columns import I64, U8, Kind, Mask, Texts, Values, no_texts, take, take_texts
from streamstat.values.packing import Packer, Unpacker


@record
class Draft:
    """What a reader has found in a block: n changes, in order.

    rows, ops: as of `Changes`. images: objects that hold the columns of the key, of a row all of it. olds: objects with
    what columns of the key were before, empty where nothing is known. keys: where they are known without images.
    groups, whole: of transactions of several records.
    """

    rows: I64
    ops: U8
    images: Texts
    olds: Texts | None = None
    keys: ChangeKeys | None = None
    kept: Texts | None = None
    positions: Positions | None = None
    groups: I64 | None = None
    whole: int | None = None
    dated: InnerTimes | None = None


class LogFindings:
    """What is found of the rows of a block that are asked for, besides changes: records that should be some."""

    def __init__(self, rows: I64) -> None:
        self._rows = rows
        self._held: list[I64] = []
        self._bad: list[tuple[I64, str]] = []

    def hold(self, rows: I64) -> None:
        """Records that say something only together with later ones."""
        self._held.append(rows)

    def fault(self, rows: I64, reason: str) -> None:
        """Records that should be changes and are not."""
        if len(rows):
            self._bad.append((rows, reason))

    def filtered(self, changed: I64) -> I64:
        """The rows that are neither changes nor anything else: records of control, or of another table."""
        if len(self._rows) == 0:
            return self._rows
        is_open = np.zeros(int(self._rows[-1]) + 1, np.bool_)
        is_open[self._rows] = True
        for rows in (changed, *self._held, *(rows for rows, _ in self._bad)):
            is_open[rows] = False
        return np.flatnonzero(is_open)

    @property
    def bad(self) -> Faults:
        """The rows, ascending, each with the first of its reasons."""
        reasons = tuple(dict.fromkeys(reason for _, reason in self._bad))
        if not reasons:
            return Faults(np.zeros(0, np.int64), np.zeros(0, np.int32), ())
        rows = np.concatenate([each for each, _ in self._bad])
        codes = np.concatenate([np.full(len(each), reasons.index(why), np.int32) for each, why in self._bad])
        different, first = np.unique(rows, return_index=True)
        return Faults(different, codes[first], reasons)


class Log:
    """The table and its key, the orders of positions, and how many transactions there have been."""

    def __init__(self, asked: LogOptions) -> None:
        self.table, self.key, self.spaces = Table(asked.table), TableKey(asked.key), Spaces()
        self.groups = 0
        self._began = self.key.is_asked

    def begin(self, rows: I64, ops: U8, fault: str, tables: RowTables) -> tuple[LogFindings, I64, U8]:
        """The rows of a block that change the table, and their ops.

        rows: those that are asked for. fault: what is wrong with one whose op is no change.
        """
        found = LogFindings(rows)
        found.fault(rows[ops == NO_CHANGE], fault)
        rows, ops = rows[ops < CONTROL], ops[ops < CONTROL]
        mine = self.table.of_it(tables, rows)
        return found, rows[mine], ops[mine]

    def changes(self, draft: Draft, found: LogFindings) -> Changes:
        """The changes of a block. One without a key is bad."""
        draft = self._since_the_first(draft)
        if not len(draft.rows):
            return self._none(draft, found)
        keys = draft.keys or keys_behind(self.key.known(), draft.images, draft.olds)
        keyless = (draft.ops != Op.TRUNCATE) & ~is_whole(keys.now)
        groups = self._numbered(draft)
        if keyless.any():
            found.fault(draft.rows[keyless], NO_KEY)
            return self._made(draft, keys, groups, np.flatnonzero(~keyless), found)
        return self._made(draft, keys, groups, None, found)

    def _since_the_first(self, draft: Draft) -> Draft:
        """Without what empties the table before anything has been in it: nobody may know the key yet."""
        if self._began or not len(draft.rows):
            return draft
        places = np.flatnonzero(draft.ops != Op.TRUNCATE)
        self._began = bool(len(places))
        first = int(places[0]) if self._began else len(draft.rows)
        return draft if first == 0 else _behind(draft, first)

    def _numbered(self, draft: Draft) -> I64:
        if draft.groups is not None:
            return draft.groups
        steps = np.diff(draft.rows, prepend=-1) != 0
        groups: I64 = self.groups - 1 + np.cumsum(steps)
        self.groups += int(np.count_nonzero(steps))
        return groups

    def _made(
        self, draft: Draft, keys: ChangeKeys, groups: I64, rows: I64 | None, found: LogFindings
    ) -> Changes:
        positions = draft.positions or unplaced(len(draft.rows))
        emptying = (draft.ops == Op.DELETE) | (draft.ops == Op.TRUNCATE)
        texts, dated = emptied(draft.images, emptying), draft.dated
        now, before, moved = keys.now, keys.before, keys.moved
        kept = draft.kept and emptied(draft.kept, emptying)
        of, ops = draft.rows, draft.ops
        if rows is not None:
            of, ops, groups, texts = of[rows], ops[rows], groups[rows], take_texts(texts, rows)
            positions, now, before = positions.at(rows), _at(now, rows), before and _at(before, rows)
            moved = None if moved is None else moved[rows]
            kept = None if kept is None else take_texts(kept, rows)
            dated = dated and InnerTimes(dated.events, dated.fields, dated.rows[rows])
        whole = self.groups if draft.whole is None else draft.whole
        filtered, bad = found.filtered(of), found.bad
        return Changes(
            *(of, ops, now, before, moved, texts, kept, positions.spaces, positions.texts, groups, whole),
            *(filtered, bad, dated),
        )

    def _none(self, draft: Draft, found: LogFindings) -> Changes:
        whole = self.groups if draft.whole is None else draft.whole
        keys = tuple(nulls(0) for _ in self.key.names or ())
        nobody, none = np.zeros(0, np.int64), unplaced(0)
        return Changes(
            *(nobody, np.zeros(0, np.uint8), keys, None, None, no_texts(0), None, none.spaces, none.texts),
            *(nobody, whole, found.filtered(nobody), found.bad, None),
        )

    def snapshot(self) -> bytes:
        """All of it."""
        packer = Packer()
        self.table.snapshot(packer)
        self.key.snapshot(packer)
        self.spaces.snapshot(packer)
        return packer.integer("groups", self.groups).flag("began", self._began).packed()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        unpacker = Unpacker(snapshot)
        self.table.restore(unpacker)
        self.key.restore(unpacker)
        self.spaces.restore(unpacker)
        self.groups, self._began = unpacker.integer("groups"), unpacker.flag("began")
        unpacker.end()
        if not 0 <= self.groups < 1 << 62:
            raise ValueError(f"groups: {self.groups} of them cannot have been")


def _behind(draft: Draft, first: int) -> Draft:
    at = np.arange(first, len(draft.rows))
    keys = draft.keys
    if keys is not None:
        before = keys.before and _at(keys.before, at)
        keys = ChangeKeys(_at(keys.now, at), before, None if keys.moved is None else keys.moved[at])
    return Draft(
        draft.rows[at],
        draft.ops[at],
        take_texts(draft.images, at),
        draft.olds and take_texts(draft.olds, at),
        keys,
        draft.kept and take_texts(draft.kept, at),
        draft.positions and draft.positions.at(at),
        None if draft.groups is None else draft.groups[at],
        draft.whole,
        draft.dated,
    )


def _at(key: tuple[Values, ...], rows: I64) -> tuple[Values, ...]:
    return tuple(take(column, rows) for column in key)


def left_rows(n: int, left: Mask | None) -> I64:
    """The rows of a block that are asked for."""
    return np.arange(n) if left is None else np.flatnonzero(left[:n])


CONTROL, NO_CHANGE = 254, 255  # in place of an op


def ops_of(events: Events, path: str, rows: I64, known: Mapping[bytes, int], other: int) -> U8:
    """What the texts of a field say of these rows. other: for texts that are not known; what is none is NO_CHANGE."""
    kinds, texts = events.dictionary(path)
    said = (
        known.get(texts[code], other) if kind == Kind.TEXT else NO_CHANGE
        for code, kind in enumerate(kinds.tolist())
    )
    ops: U8 = np.fromiter(said, np.uint8, len(kinds))[taken_array(events.codes(path), rows)]
    return ops


def no_changes() -> Draft:
    """Nothing was found."""
    return Draft(np.zeros(0, np.int64), np.zeros(0, np.uint8), no_texts(0))
