"""What was seen of a log, as one object: what `--json` prints, and sections for people are made from."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from streamstat.commands.inspection.advice import advised
from streamstat.commands.inspection.watching import InspectionWatcher
from streamstat.commands.settings import Settings
from streamstat.common.units import format_time
from streamstat.common.zones import Zone
from streamstat.engine.engine import Engine
from streamstat.input.detection import fitting
from streamstat.plan.job import Job
from streamstat.values.columns import Kind

TYPE_NAMES = (
    "null",
    "boolean",
    "boolean",
    "integer",
    "double",
    "text",
    "array",
    "double",
    "object",
)  # of each kind
EXACT_UP_TO = 1024  # different values
EXACT_BELOW = 2048  # medians of whole numbers


def seen_in(chosen: Settings, engine: Engine, watcher: InspectionWatcher) -> dict[str, Any]:
    """All that is told."""
    ledger, job = engine.ledger, engine.job
    seen = engine.reports[0].figures
    facts: dict[str, Any] = {
        "inputs": [{"name": name, "format": format} for name, format in watcher.formats.items()],
        "fits": fitting(seen["head"]),
        "records": ledger.lines,
        "events": seen["events"],
        "blank": ledger.blank,
        "bad": ledger.bad,
        "bytes": ledger.bytes,
        "bad_reasons": [
            {"reason": reason, "count": n, "first": f"{first.input}:{first.line}:{first.column}"}
            for reason, (n, first) in sorted(watcher.bad.items(), key=lambda each: -each[1][0])
        ],
        "time": _times(seen, job),
        "fields": [field_of(each, seen["events"]) for each in seen["fields"]],
        "order": seen["order"],
    }
    if ledger.future:
        facts["future"] = ledger.future
    if "clocks" in seen:
        facts["clocks"] = seen["clocks"] | {
            "clock_jumps": ledger.clock_jumps,
            "uncorrected": ledger.uncorrected,
        }
    return facts | {"advice": advised(chosen, facts)}


def _times(seen: Mapping[str, Any], job: Job) -> dict[str, Any]:
    taken = (
        [source if isinstance(source, str) else source.text for source in job.clock.time]
        if job.names_time
        else []
    )
    listed = {each["field"]: each for each in seen["time_fields"]}
    for each in seen["fields"]:  # others whose texts are times
        path = each["path"].decode("utf-8", "replace")
        if each["times"] and path not in listed:
            n = sum(each["kinds"][Kind.FALSE :])
            listed[path] = {"field": path, "events": n, "readable": each["times"]}
    told: dict[str, Any] = {"taken": taken, "fields": list(listed.values()), "dated": seen["order"]["events"]}
    if seen["span"] is not None:
        lo, hi = seen["span"]
        told |= {"from": _shown(lo, job.zone), "to": _shown(hi, job.zone), "seconds": (hi - lo) / 1e6}
        told["rate"] = told["dated"] * 1e6 / (hi - lo) if hi > lo else None
        told["silences"] = [
            {"from": _shown(a, job.zone), "to": _shown(b, job.zone), "seconds": (b - a) / 1e6}
            for a, b in seen["silences"]
        ]
    return told


def _shown(time_us: int, zone: Zone) -> str:
    return format_time(time_us, int(zone.offsets(np.array([time_us]))[0]))


def field_of(seen: Mapping[str, Any], events: int) -> dict[str, Any]:
    """A field as it is told, of what the kernel has seen of it."""
    types: dict[str, int] = {}
    for name, n in zip(TYPE_NAMES, seen["kinds"], strict=True):
        if n:
            types[name] = types.get(name, 0) + n
    told: dict[str, Any] = {
        "path": seen["path"].decode("utf-8", "replace"),
        "types": types,
        "missing": events - sum(seen["kinds"]),
        "distinct": seen["distinct"],
        "distinct_is_exact": seen["distinct"] <= EXACT_UP_TO,
    }
    return (
        told
        | _ends(seen)
        | {
            "frequent": [
                {"value": value_told(kind, spelling), "count": n, "error": error}
                for kind, spelling, n, error in seen["frequent"]
            ],
            "example": value_told(*seen["example"]),
        }
    )


def _ends(seen: Mapping[str, Any]) -> dict[str, Any]:
    """The least and the greatest number, and the median; without numbers the first and the last text."""
    ends: Sequence[tuple[Any, Any]] = [seen[name] for name in ("integers", "doubles") if name in seen]
    if ends:
        least, greatest = min(a for a, _ in ends), max(b for _, b in ends)
        told = {"least": least, "greatest": greatest}
        return told | {"median": seen["median"]} if _says_something(seen["median"], least, greatest) else told
    if "texts" in seen:
        least, greatest = (text.decode("utf-8", "replace") for text in seen["texts"])
        return {"least": least, "greatest": greatest}
    return {}


def _says_something(median: float, least: float, greatest: float) -> bool:
    """Whether the sketch, which is right to a thousandth, can tell where between both ends the median lies."""
    return abs(median) < EXACT_BELOW or greatest - least > abs(median) / 100


def value_told(kind: int, spelling: bytes) -> Any:
    """A JSON value, of its kind and how it is spelt; of what is long only the beginning, as text."""
    text = spelling.decode("utf-8", "replace")
    if kind in (Kind.NULL, Kind.FALSE, Kind.TRUE):
        return {Kind.NULL: None, Kind.FALSE: False, Kind.TRUE: True}[Kind(kind)]
    if kind == Kind.INTEGER:
        return int(text)
    return float(text) if kind == Kind.DOUBLE else text
