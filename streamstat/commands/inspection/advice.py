"""A command to go on with, made of what was seen, and why it says what it says."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from streamstat.commands.settings import Settings
from streamstat.common.terminal import printable, quoted
from streamstat.plan.inspecting import RECEIVED_NAMES, SENT_NAMES
from streamstat.plan.options import options_of
from streamstat.plan.plan import Plan

WINDOWS = ("1s", "10s", "1m", "10m", "1h", "6h", "1d")
SECONDS = (1, 10, 60, 600, 3_600, 21_600, 86_400)
MOST_WINDOWS = 48
FEW_GROUPS = 20
PLAIN_PATH = re.compile(r"[\w./@:$-]+")
MEASURED = ("latency", "duration", "took", "elapsed", "seconds", "ms", "time", "bytes", "size", "amount")
FAILURES = ("ERROR", "Error", "error", "err", "FATAL", "CRITICAL")


def advised(chosen: Settings, facts: Mapping[str, Any]) -> dict[str, Any]:
    """`command`, empty where there is nothing to be asked, and `why`, a sentence each."""
    why: list[str] = []
    time = _time(facts, why)
    if time is None:
        return {"command": "", "why": why}
    options = [*_given(chosen), *(("-t", time) if time else ()), *_correction(chosen.plan, facts, why)]
    options += ["-w", f"tumbling:{_window(facts['time'].get('seconds') or 0, why)}"]
    times = {each["field"] for each in facts["time"]["fields"]}
    others = [each for each in facts["fields"] if each["path"] not in times and is_plain_path(each["path"])]
    if (group := _group(others)) is not None:
        options += ["-b", group["path"]]
        why.append(f"{printable(group['path'])} has {group['distinct']} different values: a row each")
    for call, reason in _calls(others):
        options += ["-a", call]
        why += reason
    why += _delay(facts["order"])
    names = [] if chosen.inputs in ((), ("-",)) else list(chosen.inputs)
    return {
        "command": " ".join(["streamstat", "run", *(quoted(each) for each in (*options, *names))]),
        "why": why,
    }


def _given(chosen: Settings) -> Iterator[str]:
    """The options that were given, as `run` takes them."""
    plain = Plan()
    for each in options_of(Plan):
        value = getattr(chosen.plan, each.holder)
        if "inspect" not in each.verbs or value == getattr(plain, each.holder):
            continue
        for one in (value,) if isinstance(value, str | int) else value:
            yield from (each.flags[-1], str(one))


def _time(facts: Mapping[str, Any], why: list[str]) -> str | None:
    """The field to be named as the time; empty: there is no need to; None: there is none."""
    if facts["time"]["taken"]:
        return ""
    readable = [each for each in facts["time"]["fields"] if each["readable"]]
    if not readable:
        why.append(
            "no field is known to hold a time; -t FIELD names one, --time-format says how it is written"
        )
        return None
    best = str(max(readable, key=lambda each: each["readable"])["field"])
    why.append(f"{printable(best)} holds times, and must be named: it is none of the usual names")
    return best if is_plain_path(best) else f"field({json.dumps(best, ensure_ascii=False)})"


def is_plain_path(path: str) -> bool:
    """Whether an option takes it for a field as it is; what has other characters is an expression.

    >>> is_plain_path("resource.service-name"), is_plain_path("my field")
    (True, False)
    """
    return PLAIN_PATH.fullmatch(path) is not None


def _correction(plan: Plan, facts: Mapping[str, Any], why: list[str]) -> Sequence[str]:
    """What corrects the clocks of devices, where fields are there that say when they sent and somebody received."""
    readable = [each["field"] for each in facts["time"]["fields"] if each["readable"]]
    sent, received = (
        next((name for name in names if name in readable), None) for names in (SENT_NAMES, RECEIVED_NAMES)
    )
    if sent is None or received is None or plan.sent is not None or plan.received is not None:
        return ()
    why.append(f"{sent} and {received} tell how far the clock of each device is off, and correct it")
    return "--sent", sent, "--received", received


def _window(seconds: float, why: list[str]) -> str:
    at = next((i for i, each in enumerate(SECONDS) if seconds <= each * MOST_WINDOWS), len(SECONDS) - 1)
    n = int(seconds // SECONDS[at]) + 1
    why.append(
        f"the log spans {duration_text(seconds)}: some {n:,} window{'s' if n > 1 else ''} of {WINDOWS[at]}"
    )
    return WINDOWS[at]


def _group(fields: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The field of texts that is missing in few events, and of its like that with most values that are still few."""
    few = [each for each in fields if 1 < each["distinct"] <= FEW_GROUPS and "text" in each["types"]]
    return min(few, key=lambda each: (each["missing"], -each["distinct"]), default=None)


def _calls(fields: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    yield "count()", []
    for each in fields:
        found = [value["value"] for value in each["frequent"] if value["value"] in FAILURES]
        if found and isinstance(found[0], str):
            yield f'errors=count() if {_name(each)} == "{found[0]}"', []
            break
        if each["path"].rpartition(".")[2] in ("status", "status_code") and "integer" in each["types"]:
            yield f"errors=count() if {_name(each)} >= 500", []
            break
    numbers = [
        each for each in fields if {"integer", "double"} & {*each["types"]} and each["distinct"] > FEW_GROUPS
    ]
    measured = [
        each for each in numbers if each["path"].lower().endswith(MEASURED) and "double" in each["types"]
    ]
    measured += [each for each in numbers if each["path"].lower().endswith(MEASURED[:6])]
    if measured:
        name = printable(measured[0]["path"])
        yield f"p50({_name(measured[0])})", []
        yield (
            f"p99({_name(measured[0])})",
            [f"{name} is a number with many values: its middle, and its slow end"],
        )


def _name(field: Mapping[str, Any]) -> str:
    path = str(field["path"])
    return path if path.replace(".", "_").isidentifier() else f'field("{path}")'


def _delay(order: Mapping[str, Any]) -> Iterator[str]:
    if not order["events"]:
        return
    if not order["out_of_order"]:
        yield "events come in order: for a log that grows, --delay 0s is enough"
        return
    yield (
        f"for a log that grows, --delay {rounded_up(order['delay_that_loses_none_s'])} would have lost no event,"
        f" --delay {rounded_up(order['delay_that_loses_a_thousandth_s'])} at most one in a thousand"
    )


def rounded_up(seconds: float) -> str:
    """A delay that is as long, in whole seconds, or of a short one tenths or milliseconds.

    >>> rounded_up(74.842111), rounded_up(2.31), rounded_up(0.0421)
    ('1m15s', '2.4s', '43ms')
    """
    unit = 1 if seconds >= 60 else 10 if seconds >= 1 else 1_000
    return duration_text(-int(-round(seconds * unit, 3) // 1) / unit)


def duration_text(seconds: float) -> str:
    """A duration as options take it, not shorter than it is.

    >>> duration_text(0.0421), duration_text(3_725.2), duration_text(90)
    ('42.1ms', '1h2m5.2s', '1m30s')
    """
    micros = -int(-seconds * 1_000_000 // 1)
    if 0 < micros < 1_000_000:
        return f"{micros / 1_000:.6g}ms"
    whole, rest = divmod(micros, 1_000_000)
    pieces = [(whole // 86_400, "d"), (whole // 3_600 % 24, "h"), (whole // 60 % 60, "m")]
    text = "".join(f"{n}{unit}" for n, unit in pieces if n)
    last = whole % 60 + rest / 1_000_000
    return text + (f"{last:.9g}s" if last or not text else "")
