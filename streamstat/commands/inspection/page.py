"""What was seen of a log, in sections for people."""

import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from streamstat.commands.inspection.advice import duration_text, rounded_up
from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.output.screen.cells import number_text
from streamstat.output.screen.layout import Style
from streamstat.output.screen.listing import short_table

WIDEST_VALUE = 40  # of a value
MOST_REASONS = 5


def sections(facts: Mapping[str, Any], room: int | None) -> list[str]:
    """Lines, each section under its name and an empty line between two.

    room: columns of the terminal, if it is one. What is longer is broken between words, but for the command.
    """
    parts = (
        ("INPUT", _input(facts)),
        ("TIME", _time(facts["time"], facts["events"], room)),
        ("FIELDS", _fields(facts, room)),
        ("ORDER", _order(facts["order"], room)),
        ("CLOCKS", _clocks(facts["clocks"], room) if "clocks" in facts else iter(())),
        ("TRY", _advice(facts["advice"])),
    )
    lines: list[str] = []
    for name, body in parts:
        if found := list(body):
            lines += [
                *([""] if lines else []),
                name,
                *(part for line in found for part in _broken(line, room)),
            ]
    return lines


def _broken(line: str, room: int | None) -> list[str]:
    if room is None or len(line) <= room or line.startswith("streamstat run"):
        return [line]
    return textwrap.wrap(line, room, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _input(facts: Mapping[str, Any]) -> Iterator[str]:
    for each in facts["inputs"]:
        yield f"{printable(each['name'])}: {each['format']}"
    if others := [name for name in facts["fits"] if name not in {each["format"] for each in facts["inputs"]}]:
        yield f"the first records would also fit -i {', -i '.join(others)}"
    more = [f"{facts[name]:,} {name}" for name in ("blank", "bad", "future") if facts.get(name)]
    yield ", ".join([counted(facts["records"], "record"), f"{facts['bytes']:,} bytes", *more])
    for each in facts["bad_reasons"][:MOST_REASONS]:
        yield f"{each['count']:,} bad: {each['reason']}, first {printable(each['first'])}"


def _time(time: Mapping[str, Any], events: int, room: int | None) -> Iterator[str]:
    rows = [
        [
            printable(each["field"], WIDEST_VALUE),
            f"{each['events']:,}",
            f"{each['readable']:,}",
            "taken" if each["field"] in time["taken"] else "",
        ]
        for each in time["fields"]
    ]
    if rows:
        styles = (Style.KEY, Style.NUMBER, Style.NUMBER, Style.TEXT)
        yield from short_table(("field", "events", "readable", ""), rows, styles, room)
    else:
        yield "no field is known to hold a time"
    if events > time["dated"]:
        yield f"{counted(events - time['dated'], 'event')} without a time"
    if "from" in time:
        rate = "" if time["rate"] is None else f", {number_text(time['rate'])} events a second"
        yield f"from {time['from']} to {time['to']}: {duration_text(time['seconds'])}{rate}"
        for each in time["silences"]:
            yield f"silent for {duration_text(each['seconds'])} from {each['from']}"


def _fields(facts: Mapping[str, Any], room: int | None) -> Iterator[str]:
    """A row a field; a column that says nothing of any is left out."""
    columns = [column for column in COLUMNS_OF_FIELDS if column[0] != "missing" or _has_missing(facts)]
    rows = [[shown(each, facts["events"]) for _, _, shown in columns] for each in facts["fields"]]
    if rows:
        yield from short_table(
            [name for name, _, _ in columns], rows, [style for _, style, _ in columns], room
        )


def _has_missing(facts: Mapping[str, Any]) -> bool:
    return any(each["missing"] for each in facts["fields"])


def _types(each: Mapping[str, Any], _: int) -> str:
    """The types of a field, the one that most values have first."""
    present = sum(each["types"].values())
    ordered = sorted(each["types"].items(), key=lambda one: -one[1])
    return ", ".join(name if n == present else f"{name} {_share(n, present)}" for name, n in ordered)


def _frequent(each: Mapping[str, Any], _: int) -> str:
    """Values that come more than once, and whose counts are known to half of them at least."""
    certain = (one for one in each["frequent"] if one["count"] > 1 and 2 * one["error"] < one["count"])
    return ", ".join(f"{_value(one['value'])} {one['count']:,}" for one in certain)


def _end(name: str) -> Callable[[Mapping[str, Any], int], str]:
    return lambda each, _: _value(each[name]) if name in each else ""


COLUMNS_OF_FIELDS: tuple[tuple[str, Style, Callable[[Mapping[str, Any], int], str]], ...] = (
    ("field", Style.KEY, lambda each, _: printable(each["path"], WIDEST_VALUE)),
    ("types", Style.TEXT, _types),
    ("missing", Style.TEXT, lambda each, events: _share(each["missing"], events) if each["missing"] else ""),
    (
        "different",
        Style.NUMBER,
        lambda each, _: f"{'' if each['distinct_is_exact'] else '~'}{each['distinct']:,}",
    ),
    ("most frequent", Style.LIST, _frequent),
    ("least", Style.TEXT, _end("least")),
    ("median", Style.TEXT, _end("median")),
    ("greatest", Style.TEXT, _end("greatest")),
    ("example", Style.TEXT, lambda each, _: _value(each["example"])),
)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return number_text(value)
    return printable(value if isinstance(value, str) else json.dumps(value), WIDEST_VALUE)


def _share(n: int, of: int) -> str:
    """A part in per cent; what is there is never 0 %, and what is not all is never 100 %.

    >>> _share(1, 100_000), _share(99_999, 100_000), _share(1, 3)
    ('<0.1 %', '>99.9 %', '33.3 %')
    """
    tenths = round(1000 * n / of)
    if n and not tenths:
        return "<0.1 %"
    if n < of and tenths == 1000:
        return ">99.9 %"
    return f"{tenths // 10} %" if tenths in (0, 1000) else f"{tenths / 10:.1f} %"


def _order(order: Mapping[str, Any], room: int | None) -> Iterator[str]:
    n = order["events"]
    if not n:
        return
    late = order["out_of_order"]
    if not late:
        yield "every event is as new as those before it"
    else:
        yield f"{counted(late, 'event')} of {n:,} ({_share(late, n)}) came behind a newer one"
        rows = [
            [duration_text(each["delay_s"]), f"{each['below']:,}", _share(each["below"], n)]
            for each in order["delays"]
        ]
        rows.append([rounded_up(order["delay_that_loses_none_s"]), "0", _share(0, n)])
        yield from short_table(("--delay", "late", ""), rows, (Style.FIXED, Style.NUMBER, Style.NUMBER), room)
    if late and order["producer"] is not None:
        yield f"the latest of {order['producers']:,} by {printable(order['producer'])}:"
        told = order["latest_producers"]
        rows = [
            [
                printable(each["producer"], WIDEST_VALUE),
                f"{each['events']:,}",
                f"{each['out_of_order']:,}",
                duration_text(each["furthest_s"]),
            ]
            for each in told
        ]
        styles = (Style.KEY, Style.NUMBER, Style.NUMBER, Style.FIXED)
        yield from short_table(("producer", "events", "out of order", "at most by"), rows, styles, room)


def _clocks(clocks: Mapping[str, Any], room: int | None) -> Iterator[str]:
    yield f"{counted(clocks['events'], 'event')} with both times, {counted(clocks['clock_jumps'], 'clock jump')}"
    spreads = [("received - sent", clocks["offset_s"])]
    if "offset_by_device_s" in clocks:
        spreads.append((f"--offset-by {printable(clocks['device'])}", clocks["offset_by_device_s"]))
    rows = [[name, *(_seconds(value) for value in spread.values())] for name, spread in spreads]
    styles: Sequence[Style] = (Style.KEY, Style.FIXED, Style.FIXED, Style.FIXED)
    yield from short_table(("offset", *clocks["offset_s"]), rows, styles, room)
    if told := clocks.get("worst_devices"):
        yield f"of {counted(clocks['devices'], 'device')} the clocks that are off most:"
        rows = [
            [
                printable(each["device"], WIDEST_VALUE),
                f"{each['events']:,}",
                _seconds(each["least_offset_s"]),
                _seconds(each["greatest_offset_s"]),
            ]
            for each in told
        ]
        styles = (Style.KEY, Style.NUMBER, Style.FIXED, Style.FIXED)
        yield from short_table(("device", "events", "least offset", "greatest"), rows, styles, room)


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    return f"-{duration_text(-value)}" if value < 0 else duration_text(value)


def _advice(advice: Mapping[str, Any]) -> Iterator[str]:
    if advice["command"]:
        yield advice["command"]
    yield from (f"- {each}" for each in advice["why"])
