"""Fields that an option names and no event has, with the name that may be meant."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from streamstat.common.terminal import printable
from streamstat.plan.job import Job
from streamstat.runners.fruitless import MOST_NAMES
from streamstat.runners.notes import EventRecord, Note, Sight
from streamstat.runners.notes.insides import inside_hint
from streamstat.runners.notes.showing import MOST_SHOWN, field_in
from streamstat.runners.notes.spellings import in_expression, meant_quotient
from streamstat.runners.notes.time_sources import paths_of
from streamstat.values.columns import Kind

MOST_NAMING, MOST_KEPT_BYTES = 100, 1 << 20
MOST_DEPTH = 8  # of the names that are looked at


def named_fields(job: Job) -> Iterator[tuple[str, str]]:
    """Each field that options name, with the option."""
    clock = job.clock
    if job.names_time:
        yield from (("--time", path) for path in paths_of(clock.time))
    single = (
        ("--sent", clock.sent),
        ("--received", clock.received),
        ("--offset-by", clock.device),
        ("--producer", job.producer),
    )
    yield from ((option, path) for option, path in single if path is not None)
    if job.punctuation is not None:
        yield "--punctuation", job.punctuation
    yield from (("--unique", path) for path in job.unique)
    by = "--key" if job.counts_changes else "--by"
    for group in job.groups:
        yield from ((by, path) for path in group.by.fields)
    for measure in job.measures:
        for expression in (*measure.arguments, measure.condition):
            if expression is not None:
                yield from (("--agg", path) for path in expression.fields)
    for each in job.asked:
        yield from ((each.option, path) for path in each.expression.fields)
        yield from ((each.option, path) for _, path in each.expression.references)
    if job.where is not None:
        yield from (("--where", path) for path in job.where.fields)


class AbsentFields:
    """The fields that no event has had so far, in the order of options."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._options: dict[str, str] = {}
        for option, path in named_fields(job):
            self._options.setdefault(path, option)
        self.unseen = list(self._options)
        self._events = 0
        self._first: list[EventRecord] = []
        self._room = MOST_KEPT_BYTES

    def look(self, sight: Sight) -> None:
        """Cross out the fields of a block; the first events are kept for their names."""
        self.unseen = [path for path in self.unseen if not sight.events.seen(path)]
        if not self.unseen:
            return
        rows = sight.rows(self._job.punctuation)
        self._events += len(rows)
        self._keep(sight.record(row) for row in rows[: MOST_NAMING - len(self._first)].tolist())

    def _keep(self, events: Iterator[EventRecord]) -> None:
        """The first ones for their names, as many as there is room for."""
        while self._room >= 0 and len(self._first) < MOST_NAMING and (event := next(events, None)):
            self._first.append(event)
            self._room -= len(event.content)

    def told(self) -> dict[str, Any]:
        """What is known by now, as JSON can hold it."""
        first = [each.as_record() for each in self._first] if self.unseen else []
        return {"unseen": self.unseen, "events": self._events, "first": first}

    def absorb(self, told: Mapping[str, Any]) -> None:
        """The events behind those that were looked at, as somebody else has told of them."""
        self.unseen = [path for path in self.unseen if path in told["unseen"]]
        self._events += told["events"]
        self._keep(EventRecord.from_record(each, self._job.within) for each in told["first"])

    @property
    def found(self) -> frozenset[str]:
        """The fields that no event had, of one event at least."""
        return frozenset(self.unseen if self._events else ()) - {self._job.punctuation}

    def notes(self) -> Iterator[Note]:
        """One for each field that no event had."""
        if not self._events or not self.unseen:
            return
        names = paths_in(self._first)
        for path in self.unseen:
            option = self._options[path]
            shown = repr(printable(path, MOST_SHOWN))
            if path == self._job.punctuation:
                yield Note(option, f"no line has {shown}, so none is a promise")
            else:
                yield Note(option, f"no event has {shown}", self._hint(path, names), True)

    def _hint(self, path: str, names: Sequence[str]) -> str:
        for expression in self._job.computed:
            if quotient := meant_quotient(expression.text, [path]):
                return quotient
        meant = nearest_path(path, names)
        if meant is not None:
            plain = (
                not any(path in each.fields for each in self._job.computed) or in_expression(meant) == meant
            )
            return f"did you mean {meant!r}?" if plain else f"did you mean {in_expression(meant)}?"
        wanted = (path, path.partition(".")[0])
        if inside := next(filter(None, (inside_hint(event, wanted) for event in self._first)), ""):
            return inside
        shown = ", ".join(printable(name, MOST_SHOWN) for name in names[:MOST_NAMES])
        return f"the first events have {shown}{', …' if len(names) > MOST_NAMES else ''}" if names else ""


def nearest_path(path: str, names: Sequence[str]) -> str | None:
    """The name that is most likely meant: one that ends in the path, differs in capitals, or is spelt nearly so.

    >>> nearest_path("rout", ["ts", "route"]), nearest_path("status", ["http.status"]), nearest_path("x", ["route"])
    ('route', 'http.status', None)
    """
    folded = path.casefold()
    for name in names:
        if name.casefold() == folded or name.casefold().endswith(f".{folded}"):
            return name
    close = difflib.get_close_matches(path, names, 1)
    return close[0] if close else None


def paths_in(events: Sequence[EventRecord]) -> list[str]:
    """The names in some events, at any level, as paths; each once, in the order in which they come."""
    import json

    found: dict[str, None] = {}

    def descend(prefix: str, value: object, depth: int) -> None:
        found[prefix] = None
        if isinstance(value, dict) and depth < MOST_DEPTH:
            for name, inner in value.items():
                descend(f"{prefix}.{name}", inner, depth + 1)

    for event in events:
        for name in event.names():
            kind, text = field_in(event, name) if b"{" in event.content[1:] else (Kind.NULL, "")
            descend(name, json.loads(text) if kind == Kind.JSON else None, 1)
    return list(found)
