"""What a plan means: texts become parts, or an error that names the option."""

from collections.abc import Callable
from dataclasses import fields, replace
from importlib import import_module

from streamstat.common.errors import UsageError
from streamstat.common.units import parse_duration
from streamstat.common.zones import Zone
from streamstat.event_time.clock import FOR_EVER
from streamstat.expressions import compile_condition
from streamstat.input.decoding import Within
from streamstat.input.detection import asked
from streamstat.input.formats import Format, FormatOptions
from streamstat.plan.bounds import bound, bounds
from streamstat.plan.calls import split_commas
from streamstat.plan.clocks import clock_of, duration_or_infinity, optional_field
from streamstat.plan.job import Job
from streamstat.plan.meant import Meant, StreamPart
from streamstat.plan.measures import attempt
from streamstat.plan.plan import Plan

MEANINGS = {  # of each verb the module and the function that knows what it alone asks for; loaded when it is wanted
    "run": ("streamstat.plan.windowing", "windowed"),
    "match": ("streamstat.plan.matching", "matched"),
    "search": ("streamstat.plan.searching", "searched"),
    "join": ("streamstat.plan.joining", "two_sided"),
    "view": ("streamstat.plan.viewing", "viewed"),
    "inspect": ("streamstat.plan.inspecting", "inspected"),
}

_NOT_OF_JOBS = ("streams", "times", "as_of")  # what is meant by a verb, and a job has otherwise


def job_of(plan: Plan, *, live: bool = False, now_us: int | None = None) -> Job:
    """What a plan means; UsageError for what cannot be.

    live: events come as they happen, so that a time is no good which is far ahead of the present. now_us: the present,
    if it is not to be asked for.
    """
    _check_together(plan, live or now_us is not None)
    zone = attempt("--timezone", Zone, plan.timezone)
    module, function = MEANINGS[plan.verb]
    meaning: Callable[[Plan, Zone], Meant] = getattr(import_module(module), function)
    meant = meaning(plan, zone)
    since_us, until_us = bounds(plan, zone, now_us)
    if meant.streams:
        plan = replace(plan, time=meant.streams[0].time)  # the times of all others are read with their parts
    clock = clock_of(plan, zone, live)
    if meant.times and not plan.time:
        clock = replace(clock, time=meant.times)
    job = Job(
        clock=clock,
        names_time=bool(plan.time),
        since_us=since_us,
        until_us=until_us,
        as_of_us=None if meant.as_of is None else bound("--as-of", meant.as_of, zone, now_us),
        unique=_unique(plan),
        unique_for_us=_unique_for(plan),
        where=None if plan.where is None else compile_condition(plan.where, "--where"),
        delay_us=duration_or_infinity("--delay", plan.delay),
        idle_us=None if plan.idle is None else attempt("--idle", parse_duration, plan.idle),
        producer=optional_field("--producer", plan.producer),
        punctuation=optional_field("--punctuation", plan.punctuation),
        zone=zone,
        time_unit=plan.time_unit,
        time_formats=tuple(plan.time_format),
        numeric_text=plan.numeric_text,
        live=live,
        within=Within(optional_field("--unwrap", plan.unwrap), optional_field("--each", plan.each)),
        **{each.name: getattr(meant, each.name) for each in fields(meant) if each.name not in _NOT_OF_JOBS},
    )
    return replace(job, streams=tuple(_of_stream(job, part, plan, zone, live) for part in meant.streams))


def _of_stream(job: Job, part: StreamPart, plan: Plan, zone: Zone, live: bool) -> Job:
    """A job as the events of one of its streams see it."""
    return replace(
        job,
        name=part.name,
        clock=clock_of(replace(plan, time=part.time), zone, live),
        names_time=bool(part.time),
        groups=part.groups,
        asked=part.asked,
        wanted=part.wanted,
        written=part.written,
    )


def _check_together(plan: Plan, has_now: bool) -> None:
    if plan.unique_for is not None and not plan.unique:
        raise UsageError("--unique-for", "means nothing without --unique", "for example --unique event_id")
    if plan.max_ahead not in (None, "inf") and plan.received is None and not has_now:
        problem = "needs --received, --follow, --state or --now"
        raise UsageError("--max-ahead", problem, "for example --received received_at")


def format_of(plan: Plan) -> Format | None:
    """The format that was asked for; None: the one that each input tells."""
    columns = None if plan.columns is None else attempt("--columns", split_commas, plan.columns)
    options = FormatOptions(plan.separator, columns)
    return attempt("--input", lambda text: asked(text, options), plan.input)


def _unique(plan: Plan) -> tuple[str, ...]:
    fields = (piece for text in plan.unique for piece in attempt("--unique", split_commas, text))
    found = (optional_field("--unique", each) for each in fields)
    return tuple(dict.fromkeys(path for path in found if path is not None))


def _unique_for(plan: Plan) -> int | None:
    if plan.unique_for is None:
        return None
    forgotten = duration_or_infinity("--unique-for", plan.unique_for)
    return FOR_EVER if forgotten is None else forgotten
