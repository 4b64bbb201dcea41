"""What became of the lines of the input, as an equation; what was lost and where; how complete the rows are."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import TypeAlias

from streamstat.output.charts.charted import Charted

# Each bucket of the ledger: whether its lines are lost, and what they are.
BUCKETS_TOLD = {
    "blank": (False, "empty lines"),
    "bad": (True, "lines that cannot be read"),
    "punctuation": (False, "lines that say how far the time has come"),
    "queries": (False, "lines that change stored queries"),
    "no_time": (True, "events without a time that can be read"),
    "future": (True, "events with a time too far ahead"),
    "filtered": (False, "events that no condition asks for"),
    "duplicate": (False, "events that were counted before"),
    "unassigned": (False, "events outside of all windows"),
    "late": (True, "events that came when their windows were published"),
    "counted": (False, "events that rows are made of"),
}
MORE = {
    "late_assignments": "windows that a late event missed",
    "bad_values": "values left out, as they are of another type",
    "uncorrected": "events whose clock could not be corrected",
    "clock_jumps": "times that a clock was set",
    "corrections": "rows that were corrected",
    "retractions": "rows that were taken back",
    "undecided": "absences that the input ended before",
    "stale": "changes that were older than what they change",
    "refused": "commands that were refused",
}
COMPLETENESS = ("final", "producers", "silent")
LAST_WINDOWS = 5
TableRows: TypeAlias = Sequence[Sequence[str]]


def ledger_of(metadata: Mapping[str, str]) -> str:
    """The equation, and a table of what is in it."""
    if "streamstat.ledger" not in metadata:
        return "<p>This report was saved without its ledger. Parquet keeps it.</p>"
    ledger = json.loads(metadata["streamstat.ledger"])
    places = json.loads(metadata.get("streamstat.lost", "{}"))
    found = [name for name in BUCKETS_TOLD if ledger.get(name)]
    equation = " + ".join(_term(name, ledger[name]) for name in found) or "0"
    lost = sum(ledger[name] for name in found if BUCKETS_TOLD[name][0])
    said = f"{lost:,} of {ledger['lines']:,} lines are lost." if lost else "No line is lost."
    meanings = {name: meaning for name, (_, meaning) in BUCKETS_TOLD.items()} | MORE
    rows = [
        (name, f"{ledger[name]:,}", meaning, "\n".join(places.get(name, ())))
        for name, meaning in meanings.items()
        if ledger.get(name)
    ]
    counted = f'<p class="equation">{ledger["lines"]:,} lines = {equation}</p><p>{said}</p>'
    return counted + small_table(("bucket", "count", "what it is", "where first"), rows)


def completeness(charted: Charted, metadata: Mapping[str, str]) -> str:
    """The last windows with what is known of them, where the rows say it; else how far the watermark has come."""
    known = [column for column in charted.columns if charted.name(column) in COMPLETENESS]
    if known and charted.times:
        columns = [*charted.times, *charted.groups, *known]
        last = sorted(range(len(charted.rows)), key=lambda i: charted.moments(0)[i])[-LAST_WINDOWS:]
        texts = [charted.texts(column) for column in columns]
        names = [charted.name(column) for column in columns]
        return "<p>The last windows:</p>" + small_table(names, [[each[i] for each in texts] for i in last])
    watermark = json.loads(metadata.get("streamstat.ledger", "{}")).get("watermark", "")
    if not watermark:
        return "<p>It is not known how far the input had come.</p>"
    if watermark == "inf":
        return "<p>The input was read to its end, so no row waits for more of it.</p>"
    return f"<p>The watermark has passed {escape(watermark)}: events up to then have come, but for late ones.</p>"


def small_table(names: Sequence[str], rows: TableRows) -> str:
    """A small table; it has no place for markup."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    table = f'<table class="small"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sideways" tabindex="0">{table}</div>'


def _term(name: str, n: int) -> str:
    text = f"{n:,} {name}"
    return f'<span class="lost">{text}</span>' if BUCKETS_TOLD[name][0] else text
