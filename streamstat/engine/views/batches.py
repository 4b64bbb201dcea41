"""Changes on their way to the rows: with the numbers of their keys, the places of their records and their times."""

from collections.abc import Sequence

import numpy as np

from streamstat.changes import Changes, Op
from streamstat.common.record import record
from streamstat.engine.keys import Keys
from streamstat.engine.strategy import Candidates
from streamstat.event_time.fields import instants
from streamstat.plan.job import Job
from streamstat.values.columns import (
    I32,
    I64,
    MINUS_INFINITY,
    U8,
    Mask,
    Texts,
    concatenate_texts,
    no_texts,
    take_texts,
)
from streamstat.values.packing import Packer, Unpacker

NO_TIME = MINUS_INFINITY
NOBODY = -1  # in place of a slot
UNCOUNTED = -1  # in place of a record


@record
class ChangeBatch:
    """Changes in the order of the log.

    records: the number of the record of each in the stream, UNCOUNTED where it is in another bucket, as it is bad for
    what else it says. slots, old_slots: keys by number, NOBODY where there is none. times: NO_TIME where there is none.
    The rest is as of `Changes`.
    """

    records: I64
    ops: U8
    slots: I32
    old_slots: I32
    texts: Texts
    kept: Texts
    spaces: I32
    positions: Texts
    times: I64
    groups: I64

    def __len__(self) -> int:
        return len(self.records)


def batch_of(changes: Changes, keys: Keys, candidates: Candidates, job: Job) -> ChangeBatch:
    """The changes of a block. Keys that are new get numbers."""
    n = len(changes)
    slots = keys.intern(changes.keys) if n else np.zeros(0, np.int32)
    old_slots = np.full(n, NOBODY, np.int32)
    if changes.old_keys is not None and changes.moved is not None:
        old_slots = np.where(changes.moved, keys.intern(changes.old_keys), old_slots)
    emptying = changes.ops == Op.TRUNCATE
    if emptying.any():
        slots, old_slots = (np.where(emptying, np.int32(NOBODY), each) for each in (slots, old_slots))
    records = candidates.sequence + changes.rows
    if len(changes.bad):
        records[np.isin(changes.rows, changes.bad.rows)] = UNCOUNTED
    return ChangeBatch(
        records,
        changes.ops,
        slots,
        old_slots,
        changes.texts,
        no_texts(n) if changes.kept is None else changes.kept,
        changes.spaces,
        changes.positions,
        _times(changes, candidates, job),
        changes.groups,
    )


def _times(changes: Changes, candidates: Candidates, job: Job) -> I64:
    """When each change happened: as the log says inside of records, else the time of the record."""
    times: I64 = candidates.times[changes.rows]
    if candidates.undated is not None:
        times = np.where(candidates.undated[changes.rows], NO_TIME, times)
    dated = changes.dated
    if dated is None:
        return times
    inside = np.full(dated.events.rows, NO_TIME, np.int64)
    for path in reversed(dated.fields):
        found, known = instants(*dated.events.times(path), job.clock.input_zone).moments
        inside = np.where(known, found, inside)
    inner = np.append(inside, NO_TIME)[dated.rows]  # -1: there is none
    return np.where(inner == NO_TIME, times, inner)


def taken_batch(batch: ChangeBatch, places: I64) -> ChangeBatch:
    """The changes at these places."""
    return ChangeBatch(
        records=batch.records[places],
        ops=batch.ops[places],
        slots=batch.slots[places],
        old_slots=batch.old_slots[places],
        texts=take_texts(batch.texts, places),
        kept=take_texts(batch.kept, places),
        spaces=batch.spaces[places],
        positions=take_texts(batch.positions, places),
        times=batch.times[places],
        groups=batch.groups[places],
    )


def cut_batch(batch: ChangeBatch, place: int) -> tuple[ChangeBatch, ChangeBatch]:
    """The changes before a place, and those from there on."""
    if place == len(batch):
        return batch, EMPTY
    if place == 0:
        return EMPTY, batch
    places = np.arange(len(batch))
    return taken_batch(batch, places[:place]), taken_batch(batch, places[place:])


def joined_batches(parts: Sequence[ChangeBatch]) -> ChangeBatch:
    """One part behind the other."""
    filled = [each for each in parts if len(each)]
    if len(filled) < 2:
        return filled[0] if filled else EMPTY
    return ChangeBatch(
        records=np.concatenate([each.records for each in filled]),
        ops=np.concatenate([each.ops for each in filled]),
        slots=np.concatenate([each.slots for each in filled]),
        old_slots=np.concatenate([each.old_slots for each in filled]),
        texts=concatenate_texts([each.texts for each in filled]),
        kept=concatenate_texts([each.kept for each in filled]),
        spaces=np.concatenate([each.spaces for each in filled]),
        positions=concatenate_texts([each.positions for each in filled]),
        times=np.concatenate([each.times for each in filled]),
        groups=np.concatenate([each.groups for each in filled]),
    )


def pack_batch(packer: Packer, batch: ChangeBatch) -> Packer:
    """All of it."""
    for name in ChangeBatch.__match_args__:
        value = getattr(batch, name)
        packer.texts(name, value) if isinstance(value, Texts) else packer.array(name, value)
    return packer


def unpack_batch(unpacker: Unpacker, keys: int) -> ChangeBatch:
    """As it was; ValueError for what it cannot have been. keys: how many there are."""
    records = unpacker.array("records", np.int64)
    n = len(records)
    batch = ChangeBatch(
        records=records,
        ops=unpacker.array("ops", np.uint8, n),
        slots=unpacker.array("slots", np.int32, n),
        old_slots=unpacker.array("old_slots", np.int32, n),
        texts=unpacker.texts("texts", n),
        kept=unpacker.texts("kept", n),
        spaces=unpacker.array("spaces", np.int32, n),
        positions=unpacker.texts("positions", n),
        times=unpacker.array("times", np.int64, n),
        groups=unpacker.array("groups", np.int64, n),
    )
    lacks_key = batch.slots[batch.ops != Op.TRUNCATE].min(initial=0) < 0
    if batch.ops.max(initial=0) > max(Op) or lacks_key or (np.diff(batch.groups) < 0).any():
        raise ValueError("held: changes that cannot be")
    for slots in (batch.slots, batch.old_slots):
        if slots.max(initial=NOBODY) >= keys or slots.min(initial=NOBODY) < NOBODY:
            raise ValueError("held: a key that there is not")
    return batch


EMPTY = ChangeBatch(
    records=np.zeros(0, np.int64),
    ops=np.zeros(0, np.uint8),
    slots=np.zeros(0, np.int32),
    old_slots=np.zeros(0, np.int32),
    texts=no_texts(0),
    kept=no_texts(0),
    spaces=np.zeros(0, np.int32),
    positions=no_texts(0),
    times=np.zeros(0, np.int64),
    groups=np.zeros(0, np.int64),
)


def distinct_records(batch: ChangeBatch, places: I64 | Mask | slice) -> int:
    """How many records the changes at these places are of, those that are in another bucket apart."""
    records = batch.records[places]
    records = records[records != UNCOUNTED]  # which ascend, as the log is read in order
    return int(np.count_nonzero(np.diff(records))) + (len(records) > 0)
