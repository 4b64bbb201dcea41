"""Which fields are needed, for what, in how many events they are, and what kinds of values they have."""

from collections.abc import Iterator

from streamstat.common.terminal import printable
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger
from streamstat.runners.first_dated import seen_kinds
from streamstat.runners.notes.absent import named_fields
from streamstat.runners.sample import Sample
from streamstat.values.columns import Kind

MOST_NAME = 40
_KINDS = {  # what one of these kinds is called, and several
    (Kind.INTEGER,): ("whole number", "whole numbers"),
    (Kind.DOUBLE,): ("number with a fraction", "numbers with a fraction"),
    (Kind.HUGE,): ("number beyond a double", "numbers beyond a double"),
    (Kind.TEXT,): ("text", "texts"),
    (Kind.FALSE, Kind.TRUE): ("true or false", "true or false"),
    (Kind.JSON,): ("object or array", "objects or arrays"),
}


def field_rows(sample: Sample) -> Iterator[tuple[str, ...]]:
    """A row for each field: its name, the options that need it, and what there is of it."""
    options: dict[str, dict[str, None]] = {}
    for job in sample.job.reports:
        for option, path in named_fields(job):
            options.setdefault(path, {})[option] = None
    for path, named in options.items():
        promises = path == sample.job.punctuation
        found = _promises(sample.ledgers[0]) if promises else _found(seen_kinds(sample, path))
        yield printable(path, MOST_NAME), " ".join(named), found


def _promises(ledger: Ledger) -> str:
    return f"in {counted(ledger.punctuation, 'record')}" if ledger.punctuation else "in no record"


def _found(counts: list[int]) -> str:
    events = sum(counts)
    there = events - counts[Kind.NULL]
    if not there:
        return "in no event"
    found = {names: sum(counts[kind] for kind in kinds) for kinds, names in _KINDS.items()}
    what = [(n, names[n > 1]) for names, n in found.items() if n]
    shown = what[0][1] if len(what) == 1 else ", ".join(f"{n:,} {words}" for n, words in what)
    if there < events:
        return f"in {there:,} of {events:,} events: {shown}"
    return f"in all {events:,} events: {shown}" if events > 1 else f"in the only event: {shown}"
