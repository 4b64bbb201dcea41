"""What a person is told of a run: how far it is, what it came to, what was lost and what would keep it."""

from collections.abc import Mapping, Sequence

from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger, watermark_text
from streamstat.runners import BadPlace

KEEPERS = {
    "late": "--late-file F keeps late events, --delay D waits for them",
    "bad": "--bad-file F keeps unreadable lines",
    "no_time": "--time FIELD names the time",
    "future": "--max-ahead D allows later times",
    "bad_values": "`if` can leave such values out",
}


def progress_line(ledger: Ledger) -> str:
    """Events, speed and watermark in one line."""
    seconds = max(ledger.seconds, 1e-9)
    speed = f"{ledger.lines / seconds:,.0f}/s  {ledger.bytes / seconds / 1e6:,.0f} MB/s"
    return f"{counted(ledger.lines, 'line')}  {speed}  watermark {watermark_text(ledger.watermark) or '-'}"


def summary(ledger: Ledger) -> str:
    """The ledger as an equation, and how long it took."""
    from streamstat.engine.ledger import BUCKETS

    parts = " + ".join(f"{getattr(ledger, name):,} {name}" for name in BUCKETS if getattr(ledger, name))
    more = []
    if ledger.late_assignments:
        more.append(counted(ledger.late_assignments, "late assignment"))
    if ledger.uncorrected or ledger.clock_jumps:
        more.append(f"{ledger.uncorrected:,} uncorrected, {counted(ledger.clock_jumps, 'clock jump')}")
    if ledger.corrections:
        more.append(
            f"{counted(ledger.corrections, 'correction')}, {counted(ledger.retractions, 'retraction')}"
        )
    figures = f"{counted(ledger.rows, 'row')} in {ledger.seconds:.2f} s"
    return "; ".join([f"{counted(ledger.lines, 'line')} = {parts or 'nothing'}", *more, figures])


def broken_off(ledger: Ledger, has_reports: bool) -> str:
    """What is said of a run that a signal has ended.

    >>> broken_off(Ledger(lines=119_390), False)
    'interrupted after 119,390 lines: rows are partial'
    """
    reports = ", so report files are as they were" if has_reports else ""
    return f"interrupted after {counted(ledger.lines, 'line')}: rows are partial{reports}"


def loss(ledger: Ledger, found: Mapping[str, Sequence[BadPlace]], kept: frozenset[str]) -> str | None:
    """One line that says what was lost and which option would keep it; None if nothing was.

    found: the first places of bad lines and of times that are too far ahead, each behind the words for them.
    kept: those that files have, `lost` for all of them.
    """
    lost = {name: getattr(ledger, name) for name in KEEPERS if getattr(ledger, name)}
    if not lost:
        return None
    counts = ", ".join(f"{count:,} {name}" for name, count in lost.items())
    shown = [
        f"{words} {'; '.join(printable(str(each)) for each in places)}"
        for words, places in found.items()
        if places
    ]
    hints = [KEEPERS[name] for name in lost if name not in kept]
    if "lost" not in kept and ("no_time" in lost or "future" in lost):
        hints.append("--lost-file F keeps all of these lines")
    return "; ".join([f"lost of {counted(ledger.lines, 'line')}: {counts}", *shown, *hints])
