"""What reports can be asked that have the standard sketches and no exact states, as other programs write them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from streamstat.common.errors import InputError, UsageError
from streamstat.common.registry import nearest
from streamstat.common.terminal import printable
from streamstat.plan.calls import default_name, split_commas
from streamstat.plan.job import Measure
from streamstat.plan.measures import attempt, measures_of
from streamstat.plan.merge_options import MergeOptions
from streamstat.plan.merging import Made
from streamstat.plan.plan import Plan
from streamstat.sketches import bloom

BLOCK_BITS = 256
_MAKE_ANEW = "make it with --states -o report.parquet"


def with_sketches_alone(report: Made) -> Made:
    """A report of ours with those of its calls that are read from sketches; InputError if there are none."""
    measures = [each for text in report.plan.agg for each in measures_of(text)]
    kept = [each for each in measures if _is_sketched(each)]
    if not kept or not report.plan.sketches:
        raise InputError(report.place, "has no states", _MAKE_ANEW)
    left_out = tuple(each.name for each in measures if each not in kept)
    plan = replace(report.plan, agg=tuple(f"{each.name}={each.text}" for each in kept), share=(), column=())
    return Made(report.place, plan, left_out)


def _is_sketched(measure: Measure) -> bool:
    return all(state.written for state in measure.aggregate.states)


def by_columns(
    place: str,
    columns: Sequence[str],
    texts: Sequence[str],
    firsts: Mapping[str, bytes],
    options: MergeOptions,
) -> Made:
    """A report of another program by its columns. texts: those of texts; firsts: of columns of bytes the first.

    UsageError where its windows are not named; InputError for one without sketches.
    """
    found = [(name, call) for name in columns for call in _calls(name, firsts.get(name))]
    if "window_start" not in columns or "window_end" not in columns or not found:
        raise InputError(
            place, "has no states, and no window_start, window_end and hll_x, hdr_x or bloom_x", _MAKE_ANEW
        )
    if options.window is None:
        problem = f"is missing, and {place} does not say which windows it has"
        raise UsageError("--window", problem, "for example -w tumbling:1h")
    if options.window.startswith("session"):
        raise InputError(
            "--window", "sessions are made of events, and rows of other programs tell of none", "use all"
        )
    read = {"window_start", "window_end", *(name for name, _ in found)}
    read |= {f"{name}_negative" for name in read if name.startswith("hdr_")}
    groups = tuple(texts) if options.by is None else _named(place, options.by, columns)
    left_out = tuple(name for name in columns if name not in read and name not in groups)
    plan = Plan(
        window=options.window, by=groups, agg=[call for _, call in found], timezone=options.timezone or "UTC"
    )
    return Made(place, plan, left_out, knows_windows=False)


def _named(place: str, by: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name for text in by if text.strip() for name in attempt("--by", split_commas, text))
    for name in names:
        if name not in columns:
            raise UsageError(
                "--by", f"there is no column {printable(name)!r} in {place}", nearest(name, tuple(columns))
            )
    return names


def _calls(name: str, first: bytes | None) -> list[str]:
    """What is read from a column; nothing from one whose field no call can name."""
    kind, _, field = name.partition("_")
    if not first or not field.isidentifier() or default_name(field) != field or field.endswith("_negative"):
        return []
    if kind == "hll":
        return [f"distinct_{field}=distinct({field}, p={first[0]})"]
    if kind == "hdr":
        return [f"p50({field})", f"p95({field})", f"p99({field})"]
    if kind == "bloom":
        return [f"members_{field}=members({field}, capacity={_capacity(first)})"]
    return []


def _capacity(state: bytes) -> int:
    """That of a filter of such a size: 10.5 bits a value."""
    try:
        bits = 8 * len(bloom.read(state).bits)
    except ValueError:
        bits = BLOCK_BITS  # what is no filter is told when rows are read
    return bits * 2 // 21
