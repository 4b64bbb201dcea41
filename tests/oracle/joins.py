"""Joins, the plain way: every event of one side is held against every event of the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NO_TIME = 1 << 60  # of an event that is not there: behind all others


@dataclass(frozen=True)
class Event:
    """An event: its place in the input of its side, its time in seconds, its key, and whether it deletes."""

    number: int
    time: int
    key: str | None
    deletes: bool = False


@dataclass(frozen=True)
class Terms:
    """What makes partners. within: what the right time minus the left one may be; None: as of.

    itself: both sides are of one input, where an event of either has one number.
    """

    within: tuple[int, int] | None
    kind: str = "inner"
    pick: str | None = None
    max_age: int | None = None
    itself: bool = False


@dataclass(frozen=True)
class Row:
    """A row: when it is decided, and the events that it has."""

    moment: int
    left: Event | None
    right: Event | None

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        """Rows come in this order."""
        sides = (self.left, self.right)
        times = [NO_TIME if each is None else each.time for each in sides]
        numbers = [NO_TIME if each is None else each.number for each in sides]
        return (self.moment, times[0], times[1], numbers[0], numbers[1])

    @property
    def time(self) -> int:
        """Its first column."""
        return max(each.time for each in (self.left, self.right) if each is not None)


def may_be_partners(terms: Terms, left: Event, right: Event) -> bool:
    """Whether keys are equal, and the two are not one."""
    return (
        left.key is not None and left.key == right.key and not (terms.itself and left.number == right.number)
    )


def fit(terms: Terms, left: Event, right: Event) -> bool:
    """Whether they are partners, of terms with `within`."""
    assert terms.within is not None
    least, most = terms.within
    return may_be_partners(terms, left, right) and least <= right.time - left.time <= most


def joined(terms: Terms, left: Sequence[Event], right: Sequence[Event]) -> list[Row]:
    """All rows, in order."""
    found = _as_of(terms, left, right) if terms.within is None else _within(terms, left, right)
    return sorted(found, key=lambda row: row.order)


def _as_of(terms: Terms, left: Sequence[Event], right: Sequence[Event]) -> Iterator[Row]:
    for each in left:
        known = [one for one in right if may_be_partners(terms, each, one) and one.time <= each.time]
        newest = max(known, key=lambda one: (one.time, one.number), default=None)
        if newest is not None and terms.max_age is not None and newest.time < each.time - terms.max_age:
            newest = None
        if newest is None or newest.deletes:
            if terms.kind in ("left", "anti"):
                yield Row(each.time, each, None)
        elif terms.kind != "anti":
            yield Row(each.time, each, newest)


def _within(terms: Terms, left: Sequence[Event], right: Sequence[Event]) -> Iterator[Row]:
    assert terms.within is not None
    least, most = terms.within
    met: set[int] = set()
    for each in left:
        last = max(each.time, each.time + most)
        partners = sorted(
            (one for one in right if fit(terms, each, one)), key=lambda one: (one.time, one.number)
        )
        met.update(one.number for one in partners)
        if not partners:
            if terms.kind in ("left", "outer", "anti"):
                yield Row(last, each, None)
        elif terms.kind == "semi":
            yield Row(max(each.time, partners[0].time), each, None)
        elif terms.kind != "anti":
            yield from _pairs(terms, each, partners, last)
    for one in right:
        if terms.kind in ("right", "outer") and one.number not in met:
            yield Row(max(one.time, one.time - least), None, one)


def _pairs(terms: Terms, left: Event, partners: list[Event], last: int) -> Iterator[Row]:
    if terms.pick is None or terms.pick == "first":
        for one in partners if terms.pick is None else partners[:1]:
            yield Row(max(left.time, one.time), left, one)
    else:
        yield Row(last, left, _picked(terms, left, partners))


def _picked(terms: Terms, left: Event, partners: Sequence[Event]) -> Event:
    """The last or the nearest of some partners."""
    if terms.pick == "last":
        return max(partners, key=lambda one: (one.time, one.number))
    return min(partners, key=lambda one: (abs(one.time - left.time), one.time, one.number))


def decided(terms: Terms, side: int, event: Event) -> int:
    """When nothing more can be decided of an event."""
    least, most = (0, 0) if terms.within is None else terms.within
    return event.time + max(0, -least if side else most)


def waiting(terms: Terms, both: Sequence[Sequence[Event]], watermark: int) -> list[list[Event]]:
    """The events of each side that are not worked on yet, or can be met, or told by themselves, later on."""
    return [
        [
            each
            for each in events
            if each.time >= watermark or (each.time < decided(terms, side, each) >= watermark)
        ]
        for side, events in enumerate(both)
    ]


def promised(terms: Terms, both: Sequence[Sequence[Event]], watermark: int) -> int:
    """What a join to which this has come says at a watermark: the time of the oldest event that may still be told by
    itself, or whose partner is not chosen."""
    known = [[each for each in events if each.time < watermark] for events in both]
    found = [watermark]
    for side, kinds in enumerate((("left", "outer", "semi", "anti"), ("right", "outer"))):
        for each in waiting(terms, known, watermark)[side]:
            partners = ((each, one) if side == 0 else (one, each) for one in known[1 - side])
            is_met = any(fit(terms, *pair) for pair in partners)
            if (terms.kind in kinds and not is_met) or (side == 0 and terms.pick in ("last", "nearest")):
                found.append(each.time)
    return min(found)


def kept(terms: Terms, both: Sequence[Sequence[Event]], watermark: int) -> list[list[int]]:
    """The numbers of the events of each side that rows may still ask for, ascending."""
    left, right = waiting(terms, both, watermark)
    known = [one for one in both[1] if one.time < watermark]
    if terms.within is None:
        right = right + _versions(terms, known, watermark)
    elif terms.pick in ("last", "nearest"):
        for each in left:
            partners = [one for one in known if each.time < watermark and fit(terms, each, one)]
            right = right + ([_picked(terms, each, partners)] if partners else [])
    return [sorted({each.number for each in events}) for events in (left, right)]


def _versions(terms: Terms, known: Sequence[Event], watermark: int) -> list[Event]:
    """The newest event of each key, where it does not delete and is not too old."""
    newest: dict[str | None, Event] = {}
    for one in sorted(known, key=lambda one: (one.time, one.number)):
        newest[one.key] = one
    newest.pop(None, None)
    return [
        one
        for one in newest.values()
        if not one.deletes and (terms.max_age is None or one.time + terms.max_age >= watermark)
    ]
