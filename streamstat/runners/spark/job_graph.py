"""The job that Spark is given: tasks that read, a shuffle by group, tasks that put pieces together. As texts, so that
whoever carries it out needs nothing of this package before it has come."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from streamstat.common.record import record
from streamstat.engine.engine import Engine
from streamstat.plan.job import Job
from streamstat.runners.spark.mapping import TaskPlan
from streamstat.runners.spark.piece_rows import PieceForm
from streamstat.runners.spark.reducing import row_form
from streamstat.runners.spark.splits import Split

_TASKS = "streamstat.runners.spark"


@record
class Task:
    """A function of a module that makes of a text what is done with batches of Arrow; columns: of what it gives."""

    module: str
    function: str
    text: str
    columns: str


@record
class JobGraph:
    """`read` gets the numbers of `parts` parts, one a task; `join` gets what comes of it, all rows of a group in one
    task, by the columns `keys`, in the order of the columns `order`."""

    parts: int
    read: Task
    keys: list[str]
    order: list[str]
    join: Task


def piece_form(engine: Engine) -> PieceForm:
    """The form of the pieces of an engine."""
    return PieceForm(len(engine.job.groups), len(engine.pieces.states))


def needs_all_groups(job: Job) -> bool:
    """Whether a row depends on the events of other groups: then the driver makes rows, of all pieces."""
    return job.fill or getattr(job.kept, "grows", False)


def graph_of(asked: TaskPlan, splits: Sequence[Split]) -> JobGraph:
    """The job of a plan over these parts: it gives finished rows, or pieces if rows need all groups."""
    job = asked.job
    form = piece_form(Engine(job))
    plan, told_form = asdict(asked), (form.groups, form.states)
    reading = json.dumps((plan, [astuple(each) for each in splits], told_form))
    joining = json.dumps((plan, told_form))
    function, columns = ("joining", form.ddl) if needs_all_groups(job) else ("finishing", row_form(job).ddl)
    read = Task(f"{_TASKS}.mapping", "mapping", reading, form.ddl)
    return JobGraph(
        len(splits), read, form.keys, form.order, Task(f"{_TASKS}.reducing", function, joining, columns)
    )


def told_by(table: pa.Table) -> tuple[pa.Table, Mapping[int, str], list[str]]:
    """The table without what tasks have told; that of each part, and that of rows."""
    is_told = table.column("finding").is_valid()
    told: list[dict[str, Any]] = table.filter(is_told).select(["part", "finding"]).to_pylist()
    of_parts = {each["part"]: each["finding"] for each in told if each["part"] >= 0}
    of_rows = [text for each in told if each["part"] < 0 for text in json.loads(each["finding"])]
    return table.filter(pc.invert(is_told)), of_parts, list(dict.fromkeys(of_rows))
