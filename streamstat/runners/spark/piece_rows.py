"""Pieces of state as rows of Arrow: what travels from the tasks that read to those that put pieces together.

A row has of each group column its kind and its text, which tell its value; from when to when the piece is; which part
it is of; and the bytes of each state. What a task has to tell is a row without these.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from streamstat.common.record import record
from streamstat.engine.partial import Partial
from streamstat.kernels import parse_numbers
from streamstat.runners.spark.arrow_texts import arrow_binary, arrow_texts_of, cuts, plain
from streamstat.values.columns import Texts, Values, no_texts


@record
class PieceForm:
    """How many group columns and states there are."""

    groups: int
    states: int

    @property
    def keys(self) -> list[str]:
        """The columns that tell groups apart."""
        return [f"{name}{i}" for i in range(self.groups) for name in ("kind", "text")]

    @property
    def order(self) -> list[str]:
        """By which they are sorted: groups, then the order of time and of input."""
        return [*self.keys, "lo", "part"]

    @property
    def ddl(self) -> str:
        """The columns, as Spark is told them."""
        keys = [f"kind{i} tinyint, text{i} binary" for i in range(self.groups)]
        states = [f"state{i} binary" for i in range(self.states)]
        return ", ".join([*keys, "lo bigint", "hi bigint", "part int", *states, "finding string"])

    @property
    def schema(self) -> pa.Schema:
        """The same, as Arrow has it."""
        keys = [(name, pa.int8() if name.startswith("kind") else pa.binary()) for name in self.keys]
        states = [(f"state{i}", pa.binary()) for i in range(self.states)]
        places = [("lo", pa.int64()), ("hi", pa.int64()), ("part", pa.int32())]
        return pa.schema([*keys, *places, *states, ("finding", pa.string())])

    def batches(self, partial: Partial, part: int) -> Iterator[pa.RecordBatch]:
        """Pieces as rows, cut by their bytes."""
        n = len(partial)
        texts = [each.texts or no_texts(n) for each in partial.groups]
        for lo, hi in cuts(n, [*texts, *partial.states]):
            columns: list[pa.Array] = []
            for group, own in zip(partial.groups, texts, strict=True):
                columns += [pa.array(group.kinds[lo:hi].view(np.int8)), arrow_binary(own, lo, hi)]
            columns += [pa.array(partial.lo[lo:hi]), pa.array(partial.hi[lo:hi])]
            columns.append(pa.array(np.full(hi - lo, part, np.int32)))
            columns += [arrow_binary(each, lo, hi) for each in partial.states]
            columns.append(pa.nulls(hi - lo, pa.string()))
            yield pa.record_batch(columns, schema=self.schema)

    def pieces(self, batch: pa.RecordBatch) -> Partial:
        """From rows of pieces; the parts that they are of are forgotten."""
        groups = (_spelt(batch.column(f"kind{i}"), batch.column(f"text{i}")) for i in range(self.groups))
        states = (arrow_texts_of(batch.column(f"state{i}")) for i in range(self.states))
        return Partial(tuple(groups), plain(batch.column("lo")), plain(batch.column("hi")), tuple(states))

    def first_of_next(self, before: pa.RecordBatch, batch: pa.RecordBatch) -> int | None:
        """The first row of a group other than that of the row before it; None if there is none."""
        last = before.slice(len(before) - 1)
        differs: Any = np.zeros(len(batch), np.bool_)
        for name in self.keys:
            above = pa.chunked_array([last.column(name), batch.column(name).slice(0, len(batch) - 1)])
            differs |= plain(pc.not_equal(batch.column(name), above.combine_chunks()))
        return int(np.argmax(differs)) if differs.any() else None


def told_row(schema: pa.Schema, finding: str, part: int | None) -> pa.RecordBatch:
    """The row of what a task has to tell."""
    row: dict[str, Any] = {"finding": finding, "part": part}
    return pa.record_batch([pa.array([row.get(each.name)], each.type) for each in schema], schema=schema)


def _spelt(kinds: pa.Array, texts: pa.Array) -> Values:
    """Values as keys have them: numbers with their spelling."""
    own, spelt = plain(kinds).view(np.uint8), arrow_texts_of(texts)
    numbers = parse_numbers(own, *map(np.ascontiguousarray, (spelt.offsets, spelt.data)))
    return Values(own, numbers, Texts(spelt.offsets, spelt.data))
