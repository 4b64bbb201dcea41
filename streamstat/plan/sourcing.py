"""What `view --changes events` asks for: what rows are made of, and which commands become events."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.registry import nearest
from streamstat.common.units import shown
from streamstat.expressions import Expression, compile_condition, compile_expression
from streamstat.expressions.nodes import Field
from streamstat.plan.asked import Asked
from streamstat.plan.checks import CHECK_EXAMPLE, Check, checks_of
from streamstat.plan.job import Group, Measure
from streamstat.plan.meant import Meant
from streamstat.plan.measures import check_column_names, measures_of
from streamstat.plan.plan import Plan
from streamstat.plan.shapes import named
from streamstat.plan.view_options import ViewOptions
from streamstat.states.ordered import New
from streamstat.values.columns import ColumnType, Need, ResultField

CHANGED = "changed"  # when the newest event of an entity was
CHANGE_COLUMNS = (ResultField("time", ColumnType.TIME), ResultField("kind", ColumnType.LABEL))
COUNT = "count()"


@record
class Sourced:
    """What is kept of a stream of facts about entities: what aggregates make of all events of each.

    checks: what must hold for a command to become an event; none: all are events. columns: computed from those of the
    row; none: the aggregates. changelog: each change is told as it is applied.
    """

    checks: tuple[Check, ...] = ()
    columns: tuple[tuple[str, Expression], ...] = ()
    having: Expression | None = None
    changelog: bool = False
    shape: ClassVar[str] = "sourced"

    @property
    def one_size(self) -> bool:
        """Rows have one time."""
        return True

    @property
    def looked_at(self) -> tuple[str, ...]:
        """The columns of rows that checks look at."""
        return tuple(dict.fromkeys(column for check in self.checks for column in check.columns))


def sourced(plan: Plan, own: ViewOptions, key: Sequence[str]) -> Meant:
    """The part of a job that is of events about entities, which the fields of `key` tell apart."""
    _check_together(plan, own)
    if not key:
        raise UsageError(
            "--changes", "events needs --key, which tells entities apart", "for example --key id"
        )
    groups = tuple(Group(path, Expression(path, {path: Need.NOTHING}, Field(path))) for path in key)
    measures = tuple(each for text in plan.agg or (COUNT,) for each in measures_of(text))
    added = tuple(field.name for field in CHANGE_COLUMNS)
    if taken := next((name for name in key if name in (CHANGED, *added)), None):
        problem = f"two columns would be named {shown(taken)}, as the view has one"
        raise UsageError("--key", problem, f"call that field otherwise in the log, for example {taken}_id")
    check_column_names(groups, measures, (CHANGED, *added))
    row = (*key, *(measure.name for measure in measures), CHANGED)
    columns = _columns(own.select, row, (*key, CHANGED, *added))
    names = (*key, *(name for name, _ in columns or _plain(measures)), CHANGED)
    kept = Sourced(
        checks=checks_of(own.check, row),
        columns=columns,
        having=None if plan.having is None else _over_row(plan.having, names),
        changelog=own.changelog,
    )
    _check_new(kept, measures)
    return Meant(
        kept=kept,
        groups=groups,
        measures=measures,
        columns=_fields(key, measures, columns),
        asked=tuple(map(_asked, kept.checks)),
        wanted=_wanted(groups, kept),
        written=any(each.condition.asks_written for each in kept.checks),
        counts_changes=True,
        tells_changes=own.changelog,
        replaces=True,
        as_of=own.as_of,
    )


def _check_together(plan: Plan, own: ViewOptions) -> None:
    """Refuse what means nothing here."""
    if plan.by:
        hint = "leave it out; streamstat run groups events, a second view groups rows"
        raise UsageError("--by", "events make a row of each --key, which nothing else groups", hint)
    for option, value in (("--table", own.table), ("--deleted", own.deleted)):
        if value is not None:
            raise UsageError(option, "means nothing with --changes events", "--where chooses events")
    if plan.having is not None and own.changelog:
        problem = "chooses rows of the view, and --changelog tells each change"
        raise UsageError("--having", problem, "leave one of them out")


def _asked(check: Check) -> Asked:
    """What is asked of commands; columns of the row are no fields of theirs."""
    return Asked("--check", replace(check.condition, references={}), True, check.is_alone)


def _plain(measures: tuple[Measure, ...]) -> list[tuple[str, None]]:
    return [(measure.name, None) for measure in measures]


def _fields(
    key: Sequence[str], measures: tuple[Measure, ...], columns: tuple[tuple[str, Expression], ...]
) -> tuple[ResultField, ...]:
    keys = [ResultField(name, ColumnType.ANY) for name in key]
    fields = [ResultField(measure.name, measure.aggregate.type) for measure in measures]
    if columns:
        fields = [ResultField(name, ColumnType.ANY) for name, _ in columns]
    return (*keys, *fields, ResultField(CHANGED, ColumnType.TIME))


def fields_of_changes(fields: tuple[ResultField, ...]) -> tuple[ResultField, ...]:
    """The columns of a changelog, by those of the view: an event has one time."""
    return (*CHANGE_COLUMNS, *fields[:-1])


def _columns(
    texts: Sequence[str], row: tuple[str, ...], taken: tuple[str, ...]
) -> tuple[tuple[str, Expression], ...]:
    found: dict[str, Expression] = {}
    for text in texts:
        name, expression = named("--select", text, "open=ordered - paid")
        if name in found or name in taken:
            problem = f"two columns would be named {shown(name)}"
            raise UsageError("--select", problem, f"for example 'other_{name}=...'")
        found[name] = _known("--select", compile_expression(expression, "--select", row), row)
    return tuple(found.items())


def _over_row(text: str, names: tuple[str, ...]) -> Expression:
    return _known("--having", compile_condition(text, "--having", names), names)


def _known(option: str, expression: Expression, names: tuple[str, ...]) -> Expression:
    """An expression over columns of rows, of which there are no others."""
    if expression.asks_event_time:
        raise UsageError(option, "a row has no event_time", f"its time is {CHANGED}")
    if expression.asks_written:
        raise UsageError(
            option, "a row is no event, so there is nothing to look in", "use words(COLUMN, ...)"
        )
    for path in expression.fields:
        if path not in names:
            raise UsageError(option, f"there is no column {shown(path)}", nearest(path, names))
    return expression


def _check_new(kept: Sourced, measures: tuple[Measure, ...]) -> None:
    """What a call makes of values that were never seen before is known only when an event is there for good."""
    fresh = {
        each.name: each.text
        for each in measures
        if any(isinstance(one, New) for one in each.aggregate.states)
    }
    looked_at = next((name for name in kept.looked_at if name in fresh), None)
    if looked_at is not None:
        problem = f"state.{looked_at} cannot be asked: {fresh[looked_at]} is known only at the end"
        raise UsageError("--check", problem, f"for example '{CHECK_EXAMPLE}'")
    if fresh and kept.changelog:
        problem = f"{next(iter(fresh.values()))} is known only at the end"
        raise UsageError("--changelog", problem, "leave one of them out")


def _wanted(groups: tuple[Group, ...], kept: Sourced) -> dict[str, Need]:
    """What is looked at of commands only as they are worked on."""
    wanted: dict[str, Need] = {}
    for check in kept.checks:
        if not check.is_alone:
            for path, need in check.condition.fields.items():
                wanted[path] = wanted.get(path, Need.NOTHING) | need
    for group in groups:
        if group.name in kept.looked_at and group.by.field is not None:
            wanted[group.by.field] = wanted.get(group.by.field, Need.NOTHING) | Need.NUMBER | Need.TEXT
    return wanted
