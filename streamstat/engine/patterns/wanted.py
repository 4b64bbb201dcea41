"""What of each event is wanted later: for conditions that look at other events, and for rows."""

from collections.abc import Iterator

from streamstat.engine.wanted import ARGUMENT, VALUE, WRITTEN, Wanted, each_wanted
from streamstat.patterns.sought import Sought, asked_of_taken
from streamstat.plan.job import Job
from streamstat.values.columns import Need


def wanted_of(job: Job, sought: Sought) -> tuple[Wanted, ...]:
    """All that a job wants, each once."""
    return each_wanted(_all_wanted(job, sought))


def _all_wanted(job: Job, sought: Sought) -> Iterator[Wanted]:
    for condition in sought.conditions:
        if not condition.is_alone:
            paths = [*condition.expression.fields, *(path for _, path in condition.expression.references)]
            yield from (Wanted(VALUE, path) for path in paths)
    for measure in job.measures:
        if measure.argument is not None:
            for state in measure.aggregate.states:
                yield Wanted(ARGUMENT, measure.argument.text, state.need, measure.argument)
        if measure.by is not None:
            yield Wanted(ARGUMENT, measure.by.text, Need.NUMBER, measure.by)
        if measure.condition is not None:
            yield from (Wanted(VALUE, path) for path in asked_of_taken(measure.condition))
    if sought.events:
        yield Wanted(WRITTEN, "")
