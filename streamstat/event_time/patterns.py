"""Patterns that may read a time of an unknown form, guessed from its digits and words; the likeliest come first.

Whoever proposes one tries it first: a guess here may fit no calendar.
"""

import re
from collections.abc import Iterator
from itertools import product

_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d)(?:([.,:])(\d+))?)?(\s*[AaPp][Mm](?=Z?\b))?")
_ZONE = re.compile(r"\s*(Z\b|[+-]\d\d:?(?:\d\d)?(?!\d)|\b[A-Z]{3,4}\b(?!\w))")
_PIECES = re.compile(r"\d+|[A-Za-z]+|[^\dA-Za-z]+")
_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
# What digits alone, without anything between, are by their number.
_COMPACT = {
    6: ("%y%m%d", "%d%m%y"),
    8: ("%Y%m%d", "%d%m%Y", "%m%d%Y"),
    10: ("%Y%m%d%H",),
    12: ("%Y%m%d%H%M", "%y%m%d%H%M%S"),
    14: ("%Y%m%d%H%M%S", "%d%m%Y%H%M%S"),
    **dict.fromkeys(range(15, 24), ("%Y%m%d%H%M%S%f",)),
}
_COMPACT_CLOCKS = {4: "%H%M", 6: "%H%M%S", **dict.fromkeys(range(7, 16), "%H%M%S%f")}
_ORDERS = ("%d %m %Y", "%m %d %Y", "%Y %m %d", "%d %m %y", "%m %d %y", "%y %m %d")


def likely_patterns(text: str) -> Iterator[str]:
    """Patterns for `--time-format`; none for what does not look like a time. One without a year needs `--year`.

    >>> next(likely_patterns("25.06.2026 10:00"))
    '%d.%m.%Y %H:%M'
    """
    if len(text) > 64:
        return
    clock = _CLOCK.search(text)
    if clock is None:
        yield from _dates(_PIECES.findall(text), text.count("/") == 2, has_clock=False)
        return
    behind = text[clock.end() :]
    zone, rest = "", behind
    if found := _ZONE.match(behind):
        word = found[1]
        directive = "%z" if word == "Z" or not word.isalpha() else "%Z"
        zone, rest = found[0].replace(word, directive), behind[found.end() :]
    middle = _clock(clock) + zone
    before, after = _PIECES.findall(text[: clock.start()]), _PIECES.findall(rest)
    for pattern in _dates([*before, "\0", *after], text.count("/") == 2, has_clock=True):
        yield pattern.replace("\0", middle)


def _clock(found: re.Match[str]) -> str:
    hour, half = "%H", ""
    if found[6]:
        hour, half = "%I", found[6][: -len(found[6].strip())] + "%p"
    seconds = ":%S" if found[3] else ""
    fraction = f"{found[4]}%f" if found[4] else ""
    return f"{hour}:%M{seconds}{fraction}{half}"


def _dates(pieces: list[str], american: bool, has_clock: bool) -> Iterator[str]:
    """The pieces put together with a directive for each that is a part of a date."""
    months = [i for i, each in enumerate(pieces) if _is_name(each, _MONTHS)]
    numbers = [i for i, each in enumerate(pieces) if each.isdecimal()]
    known = [each.replace("%", "%%") for each in pieces]
    for i, each in enumerate(pieces):
        if _is_name(each, _DAYS):
            known[i] = "%a"
    for i in months[:1]:
        known[i] = "%b"
    for found in _numbers([pieces[i] for i in numbers], bool(months), american, has_clock):
        for i, directive in zip(numbers, found, strict=True):
            known[i] = directive
            if directive == "%d" and i and len(pieces[i]) == 1 and pieces[i - 1].endswith("  "):
                known[i - 1] = known[i - 1][:-1]  # %d takes " 1"
        yield "".join(known)


def _numbers(numbers: list[str], month: bool, american: bool, has_clock: bool) -> Iterator[list[str]]:
    """What the numbers of a date may be, by their order and their digits."""
    lengths = [len(each) for each in numbers]
    if month and has_clock and lengths in ([1], [2]):
        yield ["%d"]
    if len(numbers) in (1, 2) and not month and lengths[0] in _COMPACT:
        clocks = [_COMPACT_CLOCKS.get(each) for each in lengths[1:]]
        if None not in clocks and not (has_clock and (clocks or lengths[0] > 8)):
            for date, clock in product(_COMPACT[lengths[0]], clocks or [""]):
                yield [date, clock or ""][: len(numbers)]
        return
    orders = [each.split() for each in _ORDERS]
    if american:
        orders = [orders[1], orders[0], *orders[2:]]
    for order in orders:
        wanted = [each for each in order if not (month and each == "%m")]
        widths = {"%Y": (4,), "%y": (2,), "%m": (1, 2), "%d": (1, 2)}
        if len(wanted) == len(numbers) and all(
            n in widths[each] for n, each in zip(lengths, wanted, strict=True)
        ):
            yield wanted


def _is_name(word: str, names: list[str]) -> bool:
    return word.lower() in names or word.lower() in [each[:3] for each in names]
