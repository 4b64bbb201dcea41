"""The tasks that put pieces of state together, group by group. Runs on the machines of Spark.

Pieces come sorted by group. An engine takes all pieces of some groups, and the next groups have another one, so memory
is bounded however many groups there are.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from streamstat.engine.engine import Engine
from streamstat.plan.job import Job, RowShape
from streamstat.runners.spark.mapping import TaskPlan
from streamstat.runners.spark.piece_rows import PieceForm, told_row
from streamstat.runners.spark.row_tables import RowForm

MOST_PIECES, MOST_PIECE_BYTES = 1 << 16, 64 << 20  # taken by one engine, but for those of one group
LOSSY = "beyond its exact range counts depend on how files are cut; their errors still bound them"
TOLD_OF_ROWS = -1  # in place of a part: what is told of rows


def unshaped(job: Job) -> Job:
    """The job that gives rows as they are before anything is done with those of a window together."""
    return replace(job, shape=RowShape(), fill=False)


def finishing(text: str) -> Callable[[Any], Iterator[Any]]:
    """What Spark is to do with sorted batches of pieces: finished rows, and what was told before as it is.

    text: JSON of the plan and the form of pieces.
    """
    asked, form = _read(text)
    rows = row_form(asked.job)

    def finish(batches: Any) -> Iterator[Any]:
        said: dict[str, None] = {}
        for some in _together(batches, form, unshaped(asked.job)):
            if isinstance(some, Together):
                for publication in some.engine.finish():
                    if publication.report is not None:
                        yield from rows.batches(publication.report)
                said |= dict.fromkeys((*some.said, *some.engine.reports[0].warnings))
            else:
                for text, part in zip(some.column("finding"), some.column("part"), strict=True):
                    yield told_row(rows.schema, text.as_py(), part.as_py())
        yield told_row(rows.schema, json.dumps(list(said)), TOLD_OF_ROWS)

    return finish


def joining(text: str) -> Callable[[Any], Iterator[Any]]:
    """The same, but what comes out is pieces that are put together; whoever has them all makes rows of them."""
    asked, form = _read(text)

    def join(batches: Any) -> Iterator[Any]:
        for some in _together(batches, form, unshaped(asked.job)):
            if isinstance(some, Together):
                yield from form.batches(some.engine.pieces.partial(), TOLD_OF_ROWS)
            else:
                yield some

    return join


class Together:
    """An engine that takes all pieces of some groups."""

    def __init__(self, engine: Engine, form: PieceForm) -> None:
        self.engine, self._form = engine, form
        self._pieces = self._bytes = 0
        self.said: dict[str, None] = {}

    @property
    def is_full(self) -> bool:
        """Whether the next group is better for another one."""
        return self._pieces >= MOST_PIECES or self._bytes >= MOST_PIECE_BYTES

    def add(self, batch: pa.RecordBatch) -> None:
        """Pieces, as rows."""
        lost = self.engine.pieces.absorb(self._form.pieces(batch))
        if lost is not None:
            self.said[f"{lost}: {LOSSY}"] = None
        self._pieces, self._bytes = self._pieces + len(batch), self._bytes + batch.nbytes


def row_form(job: Job) -> RowForm:
    """The form of finished rows."""
    return RowForm(Engine(unshaped(job)).reports[0].fields[1])


def _read(text: str) -> tuple[TaskPlan, PieceForm]:
    plan, form = json.loads(text)
    return TaskPlan.of(plan), PieceForm(*form)


def _together(batches: Any, form: PieceForm, job: Job) -> Iterator[Together | pa.RecordBatch]:
    """Pieces, all of a group in one; and rows of what is told, as they come."""
    some, before = Together(Engine(job), form), None
    for batch in batches:
        is_told = batch.column("finding").is_valid()
        if is_told.true_count:
            yield batch.filter(is_told)
            batch = batch.filter(pc.invert(is_told))
        if not len(batch):
            continue
        if before is not None and some.is_full:
            border = form.first_of_next(before, batch)
            if border is not None:
                some.add(batch.slice(0, border))
                yield some
                some, batch = Together(Engine(job), form), batch.slice(border)
        some.add(batch)
        before = batch
    if before is not None:
        yield some
