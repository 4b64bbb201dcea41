"""What `view` asks for: how changes are written, what rows are told apart by, and the columns of the view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from streamstat.changes import ChangeReader, LogOptions
from streamstat.common.errors import UsageError
from streamstat.common.registry import nearest
from streamstat.common.units import shown
from streamstat.common.zones import Zone
from streamstat.expressions import Expression, check_dots, compile_condition, compile_expression
from streamstat.expressions.fields import listed_fields
from streamstat.plan.clocks import TIME_FIELDS
from streamstat.plan.job import Group, Job, Measure
from streamstat.plan.meant import Meant
from streamstat.plan.plan import Plan
from streamstat.plan.shapes import named
from streamstat.plan.sourcing import CHANGED as CHANGED
from streamstat.plan.sourcing import sourced
from streamstat.plan.view_groups import groups_of, having_of
from streamstat.plan.view_options import FORMATS_OF_CHANGES, ViewOptions
from streamstat.values.columns import ColumnType, Need, ResultField

ANY_CHANGES, OF_EVENTS, UPSERT = "auto", "events", "upsert"
CHANGE_TIME, CHANGE_KIND = "time", "kind"
COMPACTABLE = (UPSERT, "debezium", "kcat")  # formats whose records have whole rows
COMPACTABLE_HINT = "upsert and debezium can be compacted, also in kcat"
OWN_COLUMNS = (CHANGED, CHANGE_TIME, CHANGE_KIND)  # names that no column of the data can have


@dataclass(frozen=True, slots=True)
class View:
    """What is kept of a log of changes: the last row of each key.

    changes: the format of the log, ANY_CHANGES until it is known. log: what is asked of its reader. columns: those
    asked for; none: all that rows have. groups, measures: where rows are aggregated; their expressions look at rows.
    is_timed: where the time stands was said. compacts: the log is written without what is outdated, and, with
    drops_tombstones, without deletes.
    """

    changes: str
    log: LogOptions
    columns: tuple[tuple[str, Expression], ...] = ()
    having: Expression | None = None
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    changelog: bool = False
    is_timed: bool = False
    compacts: bool = False
    drops_tombstones: bool = False
    shape: ClassVar[str] = "views"

    @property
    def one_size(self) -> bool:
        """Rows have one time."""
        return True

    @property
    def is_grouped(self) -> bool:
        """Whether rows are aggregated."""
        return bool(self.groups or self.measures)


def viewed(plan: Plan, zone: Zone) -> Meant:
    """The part of a job that is of a view."""
    own = plan.own
    assert isinstance(own, ViewOptions)
    _check_together(plan, own)
    if own.changes == OF_EVENTS:
        return sourced(plan, own, _key(own))
    groups, measures = groups_of(plan, (CHANGE_TIME, CHANGE_KIND))
    key, columns = _key(own), _columns(own)
    check_key(key, [name for name, _ in columns])
    view = View(
        changes=own.changes,
        log=LogOptions(key or None, own.table, _deleted(own), TIME_FIELDS),
        columns=columns,
        having=having_of(plan, groups, measures),
        groups=groups,
        measures=measures,
        changelog=own.changelog,
        is_timed=bool(plan.time),
        drops_tombstones=own.drop_tombstones,
    )
    return Meant(
        kept=view,
        columns=_fields(view),
        takes_undated=True,
        counts_changes=True,
        replaces=True,
        tells_changes=own.changelog,
        finds_changes=True,
        as_of=own.as_of,
    )


def _reader(changes: str, log: LogOptions) -> ChangeReader:
    from streamstat.changes.reading import reader_of  # knows all formats, of which a job has one

    return reader_of(changes, log)


def with_changes(job: Job, changes: str) -> Job:
    """The same job, whose log has turned out to be written in this way."""
    view = job.kept
    assert isinstance(view, View)
    _check_deleted(view.log.deleted is not None, changes)
    view = replace(view, changes=changes)
    reader = _reader(changes, view.log)
    time = job.clock.time if view.is_timed else tuple(reader.time)
    return replace(
        job,
        kept=view,
        wanted=_wanted(view, reader.needs),
        written=reader.written,
        clock=replace(job.clock, time=time),
        finds_changes=False,
    )


def reader_for(job: Job) -> ChangeReader:
    """What reads the log of a job whose format is known."""
    view = job.kept
    assert isinstance(view, View)
    log = view.log
    return _reader(view.changes, LogOptions(log.key, log.table, log.deleted, TIME_FIELDS, job.times))


def _wanted(view: View, needs: Mapping[str, Need]) -> dict[str, Need]:
    """What is looked at of records: what the reader of the log needs, and what tells that a row is gone."""
    wanted = dict(needs)
    if view.log.deleted is not None:
        for path, need in view.log.deleted.fields.items():
            wanted[path] = wanted.get(path, Need.NOTHING) | need
    return wanted


def _check_together(plan: Plan, own: ViewOptions) -> None:
    """UsageError for options that mean nothing to a view, or nothing without others."""
    if own.changes not in (ANY_CHANGES, *FORMATS_OF_CHANGES):
        problem = f"{shown(own.changes)} is no format of changes"
        raise UsageError("--changes", problem, nearest(own.changes, (ANY_CHANGES, *FORMATS_OF_CHANGES)))
    for option, value in (("--since", plan.since), ("--until", plan.until)):
        if value is not None:
            problem = "would leave out changes, and with them rows as they are"
            raise UsageError(option, problem, "--as-of TIME takes changes up to a time")
    _check_deleted(own.deleted is not None, own.changes)
    if own.check and own.changes != OF_EVENTS:
        problem = "checks commands, which become events"
        raise UsageError("--check", problem, "for example --changes events --key account")
    if (plan.by or plan.agg) and own.select and own.changes != OF_EVENTS:
        problem = "is of single rows, and --by and --agg count them together"
        raise UsageError("--select", problem, "leave it out, or use --by NAME=EXPR")


def check_compactable(changes: str, inner: str = "") -> None:
    """UsageError where --compact means nothing of a log in this format. inner: that of payloads, empty if unknown."""
    if changes == OF_EVENTS:
        problem = "a row is made of all its events"
        raise UsageError("--compact", problem, COMPACTABLE_HINT)
    for format in (changes, inner):
        name = format.partition(":")[0]
        if name not in ("", ANY_CHANGES, *COMPACTABLE):
            problem = f"in {name} the last record may not be the whole row"
            raise UsageError("--compact", problem, COMPACTABLE_HINT)


def _check_deleted(is_given: bool, changes: str) -> None:
    if is_given and changes not in (ANY_CHANGES, UPSERT, "kcat", OF_EVENTS):
        problem = f"{changes.partition(':')[0]} says itself that a row is gone"
        raise UsageError("--deleted", problem, "leave it out, or use --changes upsert")


def check_key(names: Sequence[str], columns: Sequence[str]) -> None:
    """UsageError for a column of the key that is called as another."""
    for name in names:
        check_name(name)
        if name in columns:
            problem = f"two columns would be named {shown(name)}, which is of the key"
            raise UsageError("--select", problem, f"for example 'other_{name}=...'")


def _key(own: ViewOptions) -> tuple[str, ...]:
    paths = [path for text in own.key for path in listed_fields(text, "--key")]
    for path in paths:
        check_dots(path, "--key")
    repeated = next((path for i, path in enumerate(paths) if path in paths[:i]), None)
    if repeated is not None:
        raise UsageError("--key", f"{shown(repeated)} is named twice", "name each field once")
    return tuple(paths)


def check_name(name: str) -> None:
    """UsageError for a column of the data that is called as one that a view has."""
    if name in OWN_COLUMNS:
        problem = f"rows have a column called {shown(name)}, and so has the view"
        raise UsageError("--select", problem, f"give it another name: --select other_{name}={name}")


def _deleted(own: ViewOptions) -> Expression | None:
    return None if own.deleted is None else compile_condition(own.deleted, "--deleted")


def _columns(own: ViewOptions) -> tuple[tuple[str, Expression], ...]:
    found: dict[str, Expression] = {}
    for text in own.select:
        name, expression = named("--select", text, "city=address.city")
        if name in found or name in OWN_COLUMNS:
            problem = f"two columns would be named {shown(name)}"
            raise UsageError("--select", problem, f"for example 'other_{name}=...'")
        found[name] = compile_expression(expression, "--select")
    return tuple(found.items())


def _fields(view: View) -> tuple[ResultField, ...]:
    """The columns that are known before the log has been read."""
    if view.is_grouped:
        groups = (ResultField(each.name, ColumnType.ANY) for each in view.groups)
        return (*groups, *(ResultField(each.name, each.aggregate.type) for each in view.measures))
    names = (*(view.log.key or ()), *(name for name, _ in view.columns))
    return (*(ResultField(name, ColumnType.ANY) for name in names), ResultField(CHANGED, ColumnType.TIME))
