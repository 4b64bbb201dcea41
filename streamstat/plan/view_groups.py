"""What `--by`, `--agg` and `--having` mean to a view whose rows are counted together."""

from streamstat.common.errors import UsageError
from streamstat.expressions import Expression, compile_condition
from streamstat.plan.calls import split_commas
from streamstat.plan.job import Group, Measure
from streamstat.plan.measures import attempt, check_column_names, group_of, measures_of
from streamstat.plan.plan import Plan
from streamstat.plan.shapes import having_over
from streamstat.states import Retracts

EXACT_INSTEAD = "use distinct(x), which is exact here"


def groups_of(plan: Plan, taken: tuple[str, ...]) -> tuple[tuple[Group, ...], tuple[Measure, ...]]:
    """The columns that rows are grouped by, and what is told of each group; none of both: rows are told themselves.

    taken: names that no column can have.
    """
    if not (plan.by or plan.agg):
        return (), ()
    groups = tuple(group_of(each) for text in plan.by for each in attempt("--by", split_commas, text))
    measures = tuple(each for text in plan.agg or ("count()",) for each in measures_of(text))
    check_column_names(groups, measures, taken)
    for measure in measures:
        if not all(isinstance(state, Retracts) for state in measure.aggregate.states):
            problem = f"{measure.name} cannot take rows out again, as a view does when they change"
            raise UsageError("--agg", problem, EXACT_INSTEAD)
    return groups, measures


def having_of(plan: Plan, groups: tuple[Group, ...], measures: tuple[Measure, ...]) -> Expression | None:
    """Which rows are wanted: of groups by their columns, else by all that rows have."""
    if plan.having is None:
        return None
    if not measures:
        return compile_condition(plan.having, "--having")
    known = [*(each.name for each in groups), *(each.name for each in measures)]
    return having_over(plan.having, known, measures)
