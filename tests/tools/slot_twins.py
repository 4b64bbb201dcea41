"""The plain twin of every table of states: it keeps the streams; to merge is to put one behind the other."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import strategies as st

from streamstat.values.columns import I32, I64, U8, Kind

SLOTS = 4


@dataclass(frozen=True)
class Row:
    """One row; `value` is what the kind says, as Python sees it."""

    slot: int
    kind: Kind
    value: int | float | None = None
    text: bytes = b""
    time: int = 0
    sequence: int = 0

    @property
    def number(self) -> int:
        if isinstance(self.value, float):
            return bits_of(self.value)
        return self.value or 0

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.INTEGER, Kind.DOUBLE, Kind.TRUE, Kind.FALSE)

    @property
    def counted(self) -> int | float:
        """What the row counts as among numbers."""
        if self.kind in (Kind.TRUE, Kind.FALSE):
            return int(self.kind == Kind.TRUE)
        assert self.value is not None
        return self.value


Stream: TypeAlias = list[Row]
Step: TypeAlias = tuple[str, Any]


def bits_of(number: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", number))[0])


def double_of(bits: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])


def shown(kinds: U8, numbers: I64) -> list[int | float | None]:
    """Columns of numbers as Python sees them."""
    decode: dict[int, Callable[[int], int | float | None]] = {
        Kind.NULL: lambda _: None,
        Kind.INTEGER: int,
        Kind.DOUBLE: double_of,
    }
    return [decode[int(kind)](int(number)) for kind, number in zip(kinds, numbers, strict=True)]


def indices(slots: Sequence[int]) -> I32:
    return np.array(slots, np.int32)


def slots_of(rows: Stream) -> I32:
    return indices([row.slot for row in rows])


def kinds_of(rows: Stream) -> U8:
    return np.array([row.kind for row in rows], np.uint8)


def numbers_of(rows: Stream) -> I64:
    return np.array([row.number for row in rows], np.int64)


def times_of(rows: Stream) -> I64:
    return np.array([row.time for row in rows], np.int64)


def texts_of(rows: Stream) -> tuple[I64, U8]:
    return texts([row.text for row in rows])


def texts(strings: Sequence[bytes]) -> tuple[I64, U8]:
    offsets = np.cumsum([0, *map(len, strings)]).astype(np.int64)
    return offsets, np.frombuffer(b"".join(strings), np.uint8)


def strings(offsets: I64, data: U8) -> list[bytes]:
    return [data[lo:hi].tobytes() for lo, hi in pairwise(offsets)]


def extreme(rows: Stream, choose: Callable[..., int | float]) -> int | float | None:
    """A double among integers makes the result one; -0.0 is 0.0."""
    numbers = [row.counted for row in rows if row.is_number]
    if not numbers:
        return None
    value = choose(numbers)
    return value if all(isinstance(number, int) for number in numbers) else float(value) + 0.0


NASTY_DOUBLES = [
    0.0,
    -0.0,
    0.1,
    -0.1,
    1e308,
    -1e308,
    1e-320,
    -1e-320,
    5e-324,
    2.0**63,
    -(2.0**64),
    2.0**53,
    1e16,
    2.0**-76,
]
NASTY_INTEGERS = [0, 1, -1, 2**63 - 1, -(2**63), 2**62, 2**53 + 1, 10, 1000]


def numeric_values() -> st.SearchStrategy[tuple[Kind, int | float | None]]:
    doubles = st.one_of(
        st.sampled_from(NASTY_DOUBLES),
        st.floats(allow_nan=False, allow_infinity=False),
        st.floats(-1000, 1000),
    )
    integers = st.one_of(
        st.sampled_from(NASTY_INTEGERS), st.integers(-(2**63), 2**63 - 1), st.integers(-9, 9)
    )
    return st.one_of(
        st.tuples(st.just(Kind.DOUBLE), doubles),
        st.tuples(st.just(Kind.INTEGER), integers),
        st.tuples(st.sampled_from([Kind.TRUE, Kind.FALSE, Kind.NULL, Kind.TEXT]), st.none()),
    )


def numeric_rows() -> st.SearchStrategy[Row]:
    return st.builds(
        lambda slot, value, time: Row(slot, value[0], value[1], time=time),
        st.integers(-1, SLOTS - 1),
        numeric_values(),
        st.integers(-100, 100),
    )


def programs(rows: st.SearchStrategy[Row]) -> st.SearchStrategy[list[Step]]:
    """What can happen to a table, in any order."""
    slot = st.integers(0, SLOTS - 1)
    return st.lists(
        st.one_of(
            st.tuples(st.just("update"), st.lists(rows, max_size=12)),
            st.tuples(st.just("update"), st.lists(rows, max_size=12)),
            st.tuples(st.just("absorb"), st.lists(st.tuples(slot, slot), max_size=3)),
            st.tuples(st.just("copy"), st.lists(st.tuples(slot, slot), max_size=3)),
            st.tuples(st.just("clear"), st.lists(slot, max_size=2)),
        ),
        max_size=8,
    )


def run_program(table: Any, feed: Callable[[Any, Stream], None], program: list[Step]) -> list[Stream]:
    """Does to the table what the program says, and returns the stream each slot stands for."""
    table.resize(SLOTS)
    streams: list[Stream] = [[] for _ in range(SLOTS)]
    for name, argument in program:
        if name == "update":
            feed(table, argument)
            for row in argument:
                if row.slot >= 0:
                    streams[row.slot].append(row)
        elif name == "absorb":
            into_slots, source_slots = ([pair[i] for pair in argument] for i in (0, 1))
            table.absorb(table, indices(into_slots), indices(source_slots))
            for into, source in argument:
                streams[into] = streams[into] + streams[source]
        elif name == "copy":
            states = table.snapshot(indices([source for _, source in argument]))
            table.restore(indices([into for into, _ in argument]), *states)
            copies = [(into, streams[source]) for into, source in argument]
            for into, stream in copies:
                streams[into] = list(stream)
        else:
            table.clear(indices(argument))
            for slot in argument:
                streams[slot] = []
    return streams


def check_protocol(table: Any, other: Any, filled: Callable[[Any], None], misfits: Sequence[Any]) -> None:
    """Hostile use of the calls every table has is refused. `filled` puts something into slot 0."""
    assert len(table) == 0
    for n in (-1, 2**31):
        with pytest.raises(ValueError, match="number of slots"):
            table.resize(n)
    for each in (table, other):
        each.resize(2)
    with pytest.raises(ValueError, match="fewer"):
        table.resize(1)
    assert len(table) == 2
    for slots in ([2], [-1], [0, 2**31 - 1]):
        for call in (table.clear, table.snapshot):
            with pytest.raises(IndexError):
                call(indices(slots))
        with pytest.raises(IndexError):
            table.absorb(other, indices(slots), indices([0] * len(slots)))
        with pytest.raises(IndexError):
            table.absorb(other, indices([0] * len(slots)), indices(slots))
    with pytest.raises(ValueError, match="source"):
        table.absorb(other, indices([0, 1]), indices([0]))
    with pytest.raises(TypeError):
        table.clear(np.array([0.0]))
    for misfit in misfits:
        misfit.resize(1)
        with pytest.raises(ValueError, match="other"):
            table.absorb(misfit, indices([0]), indices([0]))
        with pytest.raises(ValueError, match="damaged"):
            table.restore(indices([0]), *misfit.snapshot(indices([0])))
    filled(table)
    check_damage(table)


def check_damage(table: Any) -> None:
    """Cut, stretched, and altered states are refused or read, never a crash."""
    zero = indices([0])
    offsets, data = table.snapshot(zero)
    good = data.tobytes()
    for size in range(len(good)):
        refuse(table, good[:size])
    refuse(table, good + b"\0")
    refuse(table, b"\xff" + good[1:])
    rng = np.random.default_rng(7)
    for _ in range(300):
        damaged = bytearray(good)
        for place in rng.integers(0, len(good), 3):
            damaged[place] = rng.integers(0, 256)
        try:
            table.restore(zero, *texts([bytes(damaged)]))
        except ValueError:
            continue
        table.absorb(table, zero, zero)
        table.snapshot(zero)
    with pytest.raises(ValueError, match="text_offsets"):
        table.restore(zero, offsets[:1], data)
    with pytest.raises(ValueError, match="text_offsets"):
        table.restore(zero, offsets + 1, data)
    table.restore(zero, offsets, data)
    assert table.snapshot(zero)[1].tobytes() == good


def refuse(table: Any, state: bytes) -> None:
    before = table.snapshot(indices([0]))[1].tobytes()
    with pytest.raises(ValueError, match="damaged"):
        table.restore(indices([0]), *texts([state]))
    assert table.snapshot(indices([0]))[1].tobytes() == before
