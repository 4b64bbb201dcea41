"""What a person is told of a run: how far it is, what it came to, what was lost and what would keep it."""

from collections.abc import Iterator, Mapping, Sequence

from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger, watermark_text

# What would have kept or counted what was lost: options that do it, by the bucket.
KEEPERS = {
    "late": "--late-file F keeps them, --delay D waits for them",
    "bad": "--bad-file F keeps them",
    "no_time": "--time FIELD names the time",
    "future": "--max-ahead D allows",
    "bad_values": "`if` can leave them out",
}
LOSABLE = "--lost-file F keeps them"
HOUR_S, MINUTE_S = 3600, 60


def progress_line(ledger: Ledger, size: int | None = None) -> str:
    """How much is done, of so many bytes if that is known, how long the rest takes; lines, speed and watermark.

    >>> progress_line(Ledger(lines=2_000, bytes=500_000, seconds=2.0), 2_000_000)
    '25 %  6 s left  2,000 lines  1,000/s  0 MB/s  watermark -'
    """
    seconds = max(ledger.seconds, 1e-9)
    speed = f"{ledger.lines / seconds:,.0f}/s  {ledger.bytes / seconds / 1e6:,.0f} MB/s"
    watermark = f"watermark {watermark_text(ledger.watermark) or '-'}"
    done = [] if size is None else _done(ledger.bytes, size, seconds)
    return "  ".join([*done, counted(ledger.lines, "line"), speed, watermark])


def _done(read: int, size: int, seconds: float) -> list[str]:
    read = min(read, size)  # a file may have grown
    percentage = f"{100 * read // size if size else 100} %"
    return [percentage, f"{span(seconds * (size - read) / read)} left"] if read else [percentage]


def span(seconds: float) -> str:
    """A time to wait for, in the two units that matter."""
    whole = int(seconds + 0.5)
    if whole >= HOUR_S:
        return f"{whole // HOUR_S} h {whole % HOUR_S // MINUTE_S} min"
    if whole >= MINUTE_S:
        return f"{whole // MINUTE_S} min {whole % MINUTE_S} s"
    return f"{whole} s"


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
    if ledger.undecided:
        more.append(f"{counted(ledger.undecided, 'absence')} undecided, which --final tells")
    if ledger.stale:
        more.append(counted(ledger.stale, "stale change"))
    figures = f"{counted(ledger.rows, 'row')} in {ledger.seconds:.2f} s"
    return "; ".join([f"{counted(ledger.lines, 'line')} = {parts or 'nothing'}", *more, figures])


def broken_off(ledger: Ledger, has_reports: bool) -> Iterator[str]:
    """What is said of a run that a signal has ended.

    >>> list(broken_off(Ledger(lines=119_390), True))
    ['interrupted after 119,390 lines: rows are partial', 'report files are as they were']
    """
    yield f"interrupted after {counted(ledger.lines, 'line')}: rows are partial"
    if has_reports:
        yield "report files are as they were"


def losses(
    ledger: Ledger,
    places: Mapping[str, Sequence[str]],
    kept: frozenset[str],
    keepers: Mapping[str, str] = KEEPERS,
) -> Iterator[str]:
    """What was lost, the most of it first: how much, where the first is, and which option would keep it.

    places: of each bucket the first that are known; of what is not one a line each follows.
    kept: the buckets that files have, `lost` for all of them. keepers: the buckets that are told of, each with the
    options that would have kept it.
    """
    lost = [name for name in keepers if getattr(ledger, name)]
    lost.sort(key=lambda name: (name == "bad_values", -getattr(ledger, name)))
    for name in lost:
        found = [printable(each) for each in places.get(name, ())]
        first = f", first {found[0]}" if found else ""
        hints = [] if name in kept else [keepers[name]]
        if "lost" not in kept and name in ("no_time", "future"):
            hints.append(LOSABLE)
        hint = f"; {', '.join(hints)}" if hints else ""
        yield f"lost of {counted(ledger.lines, 'line')}: {getattr(ledger, name):,} {name}{first}{hint}"
        yield from (f"also {name}: {each}" for each in found[1:])


def written(path: str, n: int, noun: str) -> str:
    """What is said of a file that the run has made.

    >>> written("report.csv", 1_440, "row")
    'wrote report.csv (1,440 rows)'
    """
    return f"wrote {printable(path)} ({counted(n, noun)})"
