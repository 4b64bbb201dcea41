"""`--states`: what rows have beside the states of their aggregates, and where rows cannot be merged."""

from collections.abc import Sequence

from streamstat.common.errors import UsageError
from streamstat.plan.job import Group, Measure
from streamstat.plan.plan import Plan
from streamstat.states import State
from streamstat.states.exact import Counts
from streamstat.states.ordered import Extent
from streamstat.values.exact import STATE_PREFIX
from streamstat.windows import Window

ROW_STATES: tuple[tuple[str, State], ...] = (("events", Counts()), ("span", Extent()))


def check_exact(plan: Plan, window: Window, columns: Sequence[Group | Measure]) -> None:
    """UsageError where rows with all their states could not be merged, or rows would be missing."""
    if not plan.states:
        return
    if window.shape == "trailing":
        problem = "sliding windows keep events, not states"
        raise UsageError("--states", problem, "use hopping:5m/1m")
    without = (("--having", plan.having), ("--order", plan.order), ("--limit", plan.limit))
    option = next((name for name, value in without if value), None)
    if option is not None:
        problem = f"a report to be merged has all rows in their order, and {option} changes that"
        raise UsageError("--states", problem, f"give {option} to streamstat merge")
    if plan.max_groups is not None:
        problem = "with --max-groups the first groups of each report are others"
        raise UsageError("--states", problem, "leave --max-groups out")
    if plan.completeness:
        problem = "the columns of --completeness cannot be merged"
        raise UsageError("--states", problem, "write them into a report of their own")
    for each in columns:
        if each.name.startswith(STATE_PREFIX):
            problem = f"{each.name!r} is a name like those of states"
            raise UsageError(
                "--states", problem, f"name it otherwise, such as {each.name.removeprefix(STATE_PREFIX)}"
            )
