"""The calls in the expressions of a job that read values out of texts."""

from streamstat.expressions.nodes import Field, Reading
from streamstat.expressions.walking import nodes_in
from streamstat.plan.job import Job


def readings_of(job: Job) -> dict[str, list[str]]:
    """The calls such as `number(x)` in the expressions of a job, and the fields that each reads."""
    expressions = (*job.computed, *(each.expression for each in job.asked if not each.alone))
    found = (each for one in expressions for each in nodes_in(one.node) if isinstance(each, Reading))
    return {each.text: [one.path for one in nodes_in(each) if isinstance(one, Field)] for each in found}
