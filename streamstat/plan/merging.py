"""What `merge` asks for: the plan of one run over all events of the reports, and where there can be none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from streamstat.common.errors import InputError, UsageError
from streamstat.common.record import record
from streamstat.common.registry import nearest
from streamstat.common.terminal import printable
from streamstat.common.zones import Zone
from streamstat.plan.calls import split_commas
from streamstat.plan.clocks import moment
from streamstat.plan.exactness import ROW_STATES
from streamstat.plan.fitting import misfit
from streamstat.plan.job import Job
from streamstat.plan.measures import attempt, group_of, measures_of
from streamstat.plan.merge_options import MergeOptions
from streamstat.plan.plan import Plan
from streamstat.plan.windowing import window_of
from streamstat.states import NeedsAll
from streamstat.windows import Placement, Window

ANEW = ("share", "column")  # computed from merged rows, as the reports have it
GIVEN_ANEW = ("having", "order", "limit", "sketches", "states")
TEXT_SHOWN = 60


@record
class Made:
    """What a report was made by, and what it is called in messages.

    left_out: columns that cannot be merged. knows_windows: else its rows are of any windows within those of the plan.
    """

    place: str
    plan: Plan
    left_out: tuple[str, ...] = ()
    knows_windows: bool = True

    @property
    def placement(self) -> Placement:
        """Where its windows lie."""
        zone = Zone(self.plan.timezone)
        return Placement(
            zone, None if self.plan.origin is None else moment("--origin", self.plan.origin, zone)
        )

    @property
    def window(self) -> Window:
        """Its windows."""
        return window_of(self.plan.window, self.placement)

    @property
    def groups(self) -> dict[str, str]:
        """The text of each group column by its name."""
        texts = (piece for text in self.plan.by for piece in split_commas(text))
        return {group_of(text).name: text for text in texts}


def made(place: str, options: Mapping[str, Any]) -> Made:
    """A report by the options in it; InputError where it cannot be merged whatever the others are."""
    verb = options.get("verb", "run")
    if verb != "run":
        raise InputError(
            place, f"is of streamstat {verb}, whose rows cannot be merged", "merge reports of run"
        )
    known = {each.name for each in fields(Plan)} - {"own"}
    if not known.issuperset(options):
        raise InputError(
            place, "has options that this version does not know", "merge with the version that made it"
        )
    plan = Plan(**options)
    _check_mergeable(place, plan)
    return Made(place, plan)


def _check_mergeable(place: str, plan: Plan) -> None:
    if plan.unique:
        problem = "was made with --unique: an event of two reports would count twice"
        raise InputError(place, problem, "run over all inputs together")
    if plan.having or plan.limit:
        option = "--having" if plan.having else "--limit"
        raise InputError(
            place, f"was made with {option}: rows are missing", f"make it without, and give {option} to merge"
        )
    if plan.max_groups is not None:
        raise InputError(
            place, "was made with --max-groups: its first groups may be others", "make it without"
        )
    kind = plan.window.partition(":")[0]
    if kind == "sliding":
        problem = "has sliding windows, which are made of events and not of states"
        raise InputError(place, problem, "use hopping:5m/1m")
    for measure in (each for text in plan.agg for each in measures_of(text)):
        if any(isinstance(state, NeedsAll) for state in measure.aggregate.states):
            problem = f"has {printable(measure.text, TEXT_SHOWN)}, which needs one order over all events"
            raise InputError(place, problem, "leave it out, or run over all inputs together")


def merged_plan(reports: Sequence[Made], options: MergeOptions, given: Mapping[str, Any]) -> Plan:
    """The plan of one run over all their events. given: options of rows, by their fields.

    InputError where reports differ in what one run has once, or where windows cannot be made of theirs; UsageError for
    groups that they have not.
    """
    first = reports[0]
    told: dict[str, Any] = {name: _same(reports, name) for name in ("agg", "where", "numeric_text")}
    told |= {
        name: _wanted(reports, name, getattr(options, name)) for name in ("window", "timezone", "origin")
    }
    told |= {name: _texts(given[name]) if name in given else _same(reports, name) for name in ANEW}
    told |= {name: given[name] for name in GIVEN_ANEW if name in given}
    plan = Plan(**told, by=_groups(reports, options.by))
    window = Made(first.place, plan).window
    for each in reports:
        found = misfit(each.plan.window, each.window, plan.window, window)
        if found is not None:
            raise InputError("--window" if options.window else each.place, *found)
    filled = given.get("fill", any(each.plan.fill for each in reports) and window.edges is not None)
    return replace(plan, fill=filled)


def merged_job(job: Job, reports: Sequence[Made], exact: bool) -> Job:
    """The job over rows in place of events: rows of windows that overlap are whole windows already."""
    kept: Any = job.kept
    if kept.shape == "panes" and all(each.knows_windows and each.window == kept for each in reports):
        kept = kept.apart
    return replace(job, kept=kept, row_states=ROW_STATES if exact else ())


def _texts(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in given if text.strip())


def _shown(plan: Plan, name: str) -> str:
    value = getattr(plan, name)
    text = ", ".join(value) if isinstance(value, tuple) else value
    return (
        f"--{name.replace('_', '-')} {printable(str(text), TEXT_SHOWN)}"
        if value
        else f"no --{name.replace('_', '-')}"
    )


def _same(reports: Sequence[Made], name: str) -> Any:
    """What all of them have; InputError where one has another."""
    return _agreed(
        reports, name, _AS_COMPARED.get(name, lambda plan: getattr(plan, name)), "merge those that are alike"
    )


def _wanted(reports: Sequence[Made], name: str, given: str | None) -> Any:
    """What is given, or what all of them have."""
    if given is not None:
        return given
    keep = name == "window" and any(each.plan.window.startswith("session") for each in reports)
    hint = "merge those that are alike" if keep else f"--{name} says which is wanted"
    return _agreed(reports, name, lambda plan: getattr(plan, name), hint)


def _agreed(reports: Sequence[Made], name: str, compared: Callable[[Plan], Any], hint: str) -> Any:
    first = reports[0]
    for each in reports[1:]:
        if compared(each.plan) != compared(first.plan):
            problem = (
                f"was made with {_shown(each.plan, name)}, and {first.place} with {_shown(first.plan, name)}"
            )
            raise InputError(each.place, problem, hint)
    return getattr(first.plan, name)


def _calls(plan: Plan) -> list[tuple[Any, ...]]:
    """Columns with what they are of, however that is spelt."""
    found = (each for text in plan.agg for each in measures_of(text))
    return [
        (
            each.name,
            each.aggregate,
            [one.text for one in each.arguments],
            each.condition and each.condition.text,
        )
        for each in found
    ]


_AS_COMPARED: Mapping[str, Callable[[Plan], Any]] = {"agg": _calls}


def _groups(reports: Sequence[Made], given: Sequence[str] | None) -> tuple[str, ...]:
    """The texts of the groups that stay, which all reports have."""
    first = reports[0]
    if given is None:
        _agreed(reports, "by", lambda plan: Made("", plan).groups, "-b names those that stay")
        return tuple(first.groups.values())
    wanted = [name for text in _texts(given) for name in attempt("--by", split_commas, text)]
    for each in reports:
        for name in wanted:
            if name not in each.groups:
                hint = (
                    nearest(name, tuple(each.groups)) if each.groups else "-b '' merges all groups into one"
                )
                raise UsageError("--by", f"there is no group {printable(name)!r} in {each.place}", hint)
            if each.groups[name] != first.groups[name]:
                text = printable(each.groups[name], TEXT_SHOWN)
                raise InputError(
                    each.place,
                    f"has another {printable(name)!r} than {first.place}: {text}",
                    "merge those that are alike",
                )
    return tuple(first.groups[name] for name in wanted)
