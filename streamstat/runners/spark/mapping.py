"""The tasks that read: each decodes its part of the inputs into pieces of state. Runs on the machines of Spark."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from streamstat.input.detection import choice
from streamstat.input.feed import Limits
from streamstat.input.sources import Input, Source, Stop
from streamstat.plan.job import Job, with_time
from streamstat.plan.meaning import format_of, job_of
from streamstat.plan.plan import Plan
from streamstat.runners.spark.findings import stand_in
from streamstat.runners.spark.part_run import PartRun
from streamstat.runners.spark.piece_rows import PieceForm, told_row
from streamstat.runners.spark.remote import RangeSource, open_at
from streamstat.runners.spark.splits import Split, line_edge


@dataclass(frozen=True)
class TaskPlan:
    """What is asked, as texts and numbers that travel; what depends on clocks or inputs is resolved. run: a random
    text, the same for all tasks."""

    plan: Plan
    since_us: int | None
    until_us: int | None
    time: str | None
    now_us: int | None
    strict: bool
    keeps_lines: bool
    max_expansion: int
    run: str

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "TaskPlan":
        """From what `asdict` made of it, and JSON of that."""
        return cls(**{**told, "plan": Plan(**told["plan"])})

    @property
    def job(self) -> Job:
        """The job of the driver."""
        job = replace(job_of(self.plan, now_us=self.now_us), since_us=self.since_us, until_us=self.until_us)
        return job if self.time is None else with_time(job, self.time)

    @property
    def limits(self) -> Limits:
        """How parts are read."""
        return Limits(max_expansion=self.max_expansion, choose=choice(format_of(self.plan), growing=False))


def mapping(text: str) -> Callable[[Any], Iterator[Any]]:
    """What Spark is to do with batches of the numbers of splits: rows of their pieces, and of what each has told.

    text: JSON of the plan, the splits and the form of pieces.
    """
    told_plan, told_splits, told_form = json.loads(text)
    asked, form = TaskPlan.of(told_plan), PieceForm(*told_form)

    def read(batches: Any) -> Iterator[Any]:
        for batch in batches:
            for part in batch.column(0).to_pylist():
                run = part_run(asked, Split(*told_splits[part]), part)
                found = run.read_all()
                if found.failure is None or found.is_over:
                    yield from form.batches(run.partial(), part)
                yield told_row(form.schema, found.written(), part)

    return read


def part_run(asked: TaskPlan, split: Split, part: int) -> PartRun:
    """A run over a part."""
    one = input_of_split(split, stand_in(part, asked.run))
    how: dict[str, Any] = {"strict": asked.strict, "keeps_lines": asked.keeps_lines, "now_us": asked.now_us}
    return PartRun(asked.job, one, asked.limits, part, **how)


def input_of_split(split: Split, name: str) -> Input:
    """A part as an input of its own."""
    lo, hi = split.lo, split.hi
    with suppress(OSError):  # opening it fails again, where it is told
        lo, hi = _to_whole_lines(split)

    def opened(_: Stop) -> Source:
        return RangeSource(open_at(split.place), hi)

    return Input(name, opened, mark=split.mark._replace(position=lo))


def _to_whole_lines(split: Split) -> tuple[int, int | None]:
    if (split.lo, split.hi) == (0, None):
        return 0, None
    file = open_at(split.place)
    try:
        return line_edge(file, split.lo), None if split.hi is None else line_edge(file, split.hi)
    finally:
        file.close()
