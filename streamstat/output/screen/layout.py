"""Which columns stand where: widths for what was seen so far, in the room that there is.

Where it is too little, lists and texts are cut, then keys to a length that still tells them apart. Then columns are
left out from the right, the first aggregate and keys last. Only then are keys cut further. Numbers and times never are.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from streamstat.common.record import record
from streamstat.common.terminal import ELLIPSIS
from streamstat.output.screen.widths import are_ascii, longest, shortened, width_of

GAP = "  "
SHORTEST = 8  # columns below which nothing is cut
WIDEST_TEXT = 200  # of a text where the room has no end
LIVE_TEXT, LIVE_FRACTION = 12, 5  # what is kept free where later rows cannot be known
POINT = re.compile("[.eE]")
# The last and the first entry of a list: each ends in its count, whatever commas its value has.
LAST_ENTRY, FIRST_ENTRY = re.compile("(.*[0-9]), "), re.compile("(.*?[0-9])(?:, |$)")


class Style(IntEnum):
    """What stands in a column, in the order in which columns give way."""

    LIST = 0
    TEXT = 1
    KEY = 2
    NUMBER = 3
    FIXED = 4


# Columns below which a list, text or key is not cut while others can be left out.
SHORT = {Style.LIST: 16, Style.TEXT: SHORTEST, Style.KEY: 16}


@record
class ColumnNeed:
    """What a column needs to show all that was seen of it; lead, tail: of numbers, left and right of the point."""

    name: str
    style: Style
    width: int
    lead: int = 0
    tail: int = 0
    spare: bool = True  # whether it may be left out
    key: bool = False

    def joined(self, other: "ColumnNeed") -> "ColumnNeed":
        """What holds both; numbers among which a text has come are texts."""
        style = min(self.style, other.style)
        if style != Style.NUMBER:
            return ColumnNeed(self.name, style, max(self.width, other.width), 0, 0, self.spare, self.key)
        lead, tail = max(self.lead, other.lead), max(self.tail, other.tail)
        width = max(self.width, other.width, lead + tail)
        return ColumnNeed(self.name, style, width, lead, tail, self.spare, self.key)


@record
class PlacedColumn:
    """A column as it stands: `place` among those of the result; numbers have their point behind `lead` characters."""

    place: int
    style: Style
    width: int
    lead: int = 0

    def fit(self, texts: Sequence[str]) -> list[str]:
        """Each text in as many columns as there are, cut if it is longer and may be."""
        if self.style == Style.NUMBER:
            points = points_of(texts)
            return [
                (" " * (self.lead - at) + text).ljust(self.width)
                for at, text in zip(points, texts, strict=True)
            ]
        if are_ascii(texts) and longest(texts) <= self.width:
            return [text.ljust(self.width) for text in texts]
        return list(map(self._fit_one, texts))

    def _fit_one(self, text: str) -> str:
        shown = text if len(text) <= self.width and text.isascii() else _CUTS[self.style](text, self.width)
        return shown + " " * (self.width - width_of(shown))

    def head(self, name: str) -> str:
        """The name over the column; over numbers it ends where they do."""
        shown = shortened(name, self.width)
        space = " " * (self.width - width_of(shown))
        return space + shown if self.style == Style.NUMBER else shown + space


def list_cut(text: str, most: int) -> str:
    """As many whole entries of a list as fit, for half a count would read as a smaller one.

    >>> list_cut("a 12, b 7", 8), list_cut("value 12, b 7", 8)
    ('a 12, …', 'val… 12…')
    """
    if width_of(text, most) <= most:
        return text
    if kept := LAST_ENTRY.match(shortened(text, most)):
        return f"{kept[1]}, {ELLIPSIS}"
    first = FIRST_ENTRY.match(text)
    label, _, count = (first[1] if first else text).rpartition(" ")
    room = most - len(count) - len(ELLIPSIS) - 1
    return f"{shortened(label, room)} {count}{ELLIPSIS}" if room > 0 else ELLIPSIS


def _whole(text: str, _: int) -> str:
    return text


_CUTS = {Style.LIST: list_cut, Style.TEXT: shortened, Style.KEY: shortened, Style.FIXED: _whole}


@record
class Layout:
    """Columns in order, and the names of those that are left out."""

    columns: tuple[PlacedColumn, ...]
    left_out: tuple[str, ...]


def need_of(name: str, style: Style, texts: Sequence[str], key: bool, spare: bool) -> ColumnNeed:
    """What a column of these texts needs."""
    if style == Style.NUMBER:
        leads = points_of(texts)
        lead = max(leads, default=0)
        tail = max((len(text) - at for text, at in zip(texts, leads, strict=True)), default=0)
        return ColumnNeed(name, style, max(width_of(name), lead + tail), lead, tail, spare, key)
    width = longest(texts) if are_ascii(texts) else max(width_of(each, WIDEST_TEXT) for each in texts)
    return ColumnNeed(name, style, max(width, width_of(name, WIDEST_TEXT)), 0, 0, spare, key)


def with_room(need: ColumnNeed, has_fractions: bool) -> ColumnNeed:
    """The same with room for what may follow, where it would be a pity to begin a new heading for each row."""
    if need.style == Style.NUMBER:
        tail = max(need.tail, LIVE_FRACTION * has_fractions)
        width = max(need.width, need.lead + tail)
        return ColumnNeed(need.name, need.style, width, need.lead, tail, need.spare, need.key)
    return ColumnNeed(need.name, need.style, max(need.width, LIVE_TEXT), 0, 0, need.spare, need.key)


def points_of(texts: Sequence[str]) -> list[int]:
    """How many characters of each number stand left of its point; looked for in all at once, as most have none.

    >>> points_of(["20.636", "7", ""]), points_of(["1e-05", "2.5"])
    ([2, 1, 0], [1, 1])
    """
    joined = "".join(texts)
    if "e" in joined or "E" in joined:
        return [len(text) if (found := POINT.search(text)) is None else found.start() for text in texts]
    if "." not in joined:
        return list(map(len, texts))
    return [len(text) if (at := text.find(".")) < 0 else at for text in texts]


def laid_out(needs: Sequence[ColumnNeed], room: int | None) -> Layout:
    """The columns in so much room; more than there is where even the last of them do not fit."""
    shown = list(range(len(needs))) if room is None else _fitting(needs, room)
    widths = _widths(needs, shown, room)
    columns = (_column(place, needs[place], width) for place, width in zip(shown, widths, strict=True))
    return Layout(tuple(columns), tuple(need.name for i, need in enumerate(needs) if i not in shown))


def _fitting(needs: Sequence[ColumnNeed], room: int) -> list[int]:
    """The columns that there is room for: of those that are left out, each that fits comes back."""
    shown = list(range(len(needs)))
    left_out: list[int] = []
    for place, least_key in _leaving(needs):
        if _least(needs, shown, least_key) <= room:
            break
        shown.remove(place)
        left_out.append(place)
    for place in reversed(left_out):
        if _least(needs, [*shown, place], SHORT[Style.KEY]) <= room:
            shown.append(place)
    return sorted(shown)


def _leaving(needs: Sequence[ColumnNeed]) -> Iterator[tuple[int, int]]:
    """The columns that may be left out, in that order, and to how much keys are cut before one is.

    The first aggregate stays, and the first key.
    """
    for of_keys, least_key in ((False, SHORT[Style.KEY]), (True, SHORTEST)):
        places = [i for i, need in enumerate(needs) if need.spare and need.key == of_keys]
        yield from ((place, least_key) for place in reversed(places[1:]))


def _least(needs: Sequence[ColumnNeed], shown: Sequence[int], least_key: int) -> int:
    """Columns of the terminal that these take when they are cut as far as they are before one is left out."""
    short = {**SHORT, Style.KEY: least_key}
    widths = (min(needs[i].width, short.get(needs[i].style, needs[i].width)) for i in shown)
    return sum(widths) + len(GAP) * (len(shown) - 1)


def _widths(needs: Sequence[ColumnNeed], shown: Sequence[int], room: int | None) -> list[int]:
    """Lists and texts give way, the widest first, then keys; and then further in that order."""
    most = WIDEST_TEXT if room is None else room
    widths = [need.width if need.style >= Style.NUMBER else min(need.width, most) for need in needs]
    if room is None:
        return widths
    texts = [i for i in shown if needs[i].style in (Style.LIST, Style.TEXT)]
    keys = [i for i in shown if needs[i].style == Style.KEY]
    rounds = [[(i, SHORT[needs[i].style]) for i in giving] for giving in (texts, keys)]
    rounds += [[(i, SHORTEST) for i in giving] for giving in (texts, keys)]
    for giving in rounds:
        excess = sum(widths[i] for i in shown) + len(GAP) * (len(shown) - 1) - room
        _give(widths, giving, excess)
    return [widths[i] for i in shown]


def _give(widths: list[int], giving: Sequence[tuple[int, int]], excess: int) -> None:
    """Narrow these columns by so much, the widest first, each down to its least."""
    for _ in range(excess):
        open_ones = [i for i, least in giving if widths[i] > least]
        if not open_ones:
            return
        widths[max(open_ones, key=lambda i: widths[i])] -= 1


def _column(place: int, need: ColumnNeed, width: int) -> PlacedColumn:
    if need.style == Style.NUMBER:
        return PlacedColumn(place, need.style, width, width - need.tail)
    return PlacedColumn(place, need.style, width)
