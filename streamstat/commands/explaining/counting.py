"""What is counted: which events, in which windows, by which groups, and how exact each column is."""

from collections.abc import Iterator
from typing import cast

from streamstat.commands.explaining.layout import enumerated
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger
from streamstat.plan.job import Job, Measure
from streamstat.plan.plan import Plan
from streamstat.states import Estimates
from streamstat.windows import PaneWindow

_WINDOWS = {  # by the name in --window; what stands behind the colon goes in
    "tumbling": "Windows of {} follow each other, so an event is in one.",
    "hopping": "There are windows of {} so an event is in {}.",
    "sliding": "Each event has a window: the {} up to it, of its group.",
    "session": "A window lasts as long as a group has events at most {} apart.",
    "all": "There is one window, from the first event to the last.",
}


def filter_sentences(plan: Plan, job: Job, ledger: Ledger) -> Iterator[str]:
    """Which events count, and how many of the sample do."""
    conditions = [f"{name} {text}" for name, text in _conditions(plan)]
    dated = ledger.filtered + ledger.duplicate + ledger.unassigned + ledger.late + ledger.counted
    if conditions:
        kept = dated - ledger.filtered
        yield f"Only events count that pass {enumerated(conditions)}: {kept:,} of {counted(dated, 'event')} here."
    if plan.unique:
        until = (
            f"for {plan.unique_for}" if plan.unique_for else "as long as it could come again in its windows"
        )
        yield f"An event counts once: {enumerated(job.unique)} is remembered {until}."


def _conditions(plan: Plan) -> Iterator[tuple[str, str]]:
    for name, text in (("--since", plan.since), ("--until", plan.until), ("--where", plan.where)):
        if text is not None:
            yield name, text


def window_sentences(plan: Plan, job: Job) -> Iterator[str]:
    """What windows there are, and of which groups."""
    name, _, size = plan.window.partition(":")
    size, _, hop = size.partition("/")
    yield _WINDOWS[name].format(f"{size}, one every {hop}," if hop else size, _how_many(job))
    if plan.timezone != "UTC":
        yield f"Times are printed in {plan.timezone}, and whole days and weeks are those of it."
    if plan.origin is not None:
        yield f"One of them begins at {plan.origin}."
    if job.groups:
        limit = f"; the first {plan.max_groups:,} are kept, others are one" if plan.max_groups else ""
        names = [each.name if each.by.field else f"{each.name} = {each.by.text}" for each in job.groups]
        yield f"Each window has a row for each group: {enumerated(names)}{limit}."
    else:
        yield "All events of a window are one group: --by FIELD makes more."
    if plan.fill:
        yield "A window without events has a row, too, from the first one of its group on."


def _how_many(job: Job) -> str:
    """In how many windows an event is, if they begin on a grid."""
    if job.kept.shape != "panes":
        return ""
    window = cast(PaneWindow, job.kept)
    return "several" if window.overlaps else "one or in none" if window.has_gaps else "one"


def column_rows(job: Job) -> Iterator[tuple[str, ...]]:
    """A row for each aggregate: its name, what it is, and how exact."""
    for measure in job.measures:
        yield measure.name, measure.text, _accuracy(measure, job)
    for field in job.shape.completeness:
        yield field.name, "--completeness", ""


def _accuracy(measure: Measure, job: Job) -> str:
    if job.kept.shape == "trailing":
        return "exact"
    kept = [each.accuracy for each in measure.aggregate.states if isinstance(each, Estimates)]
    return kept[0] if kept else "exact"


def shared_sentences(job: Job) -> Iterator[str]:
    """Which columns are read from one state."""
    found: dict[tuple[object, ...], list[str]] = {}
    for measure in job.measures:
        condition = None if measure.condition is None else measure.condition.text
        for state in measure.aggregate.states:
            key = (state, tuple(each.text for each in measure.arguments), condition)
            found.setdefault(key, []).append(measure.name)
    for names in dict.fromkeys(tuple(names) for names in found.values() if len(names) > 1):
        yield f"{enumerated(names)} are read from one state."


def shape_sentences(plan: Plan) -> Iterator[str]:
    """What is done with rows."""
    if plan.share or plan.column:
        yield f"Columns are added: {enumerated([*plan.share, *plan.column])}."
    if plan.having is not None:
        yield f"Only rows come that pass --having {plan.having}."
    if plan.order:
        yield f"The rows of a window are ordered by {enumerated(plan.order)}."
    if plan.limit is not None:
        yield f"Of each window the first {counted(plan.limit, 'row')} are written."
