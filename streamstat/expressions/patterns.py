"""RE2 patterns: what is wrong with one and where, before it meets an event; and the pattern that `extract` needs."""

import re
from collections.abc import Iterator

from streamstat.common.units import shown


def pattern_problem(pattern: str) -> str:
    """What RE2 says against a pattern and where in it, in one line; empty if nothing.

    >>> pattern_problem("v[0-9]+"), pattern_problem("v(a|b")
    ('', 'missing ) for the ( at character 2, (a|b')
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""], pa.large_string()), pattern)
    except pa.ArrowInvalid as error:
        said = str(error).splitlines()[0].removeprefix("Invalid regular expression: ")
        return _with_place(said, pattern)
    return ""


def replacement_problem(pattern: str, by: str) -> str:
    """What RE2 says against a pattern or what is to replace it, in one line; empty if nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.replace_substring_regex(pa.array([""], pa.large_string()), pattern, by)
    except pa.ArrowInvalid as error:
        said = str(error).splitlines()[0].removeprefix("Invalid replacement string: ")
        group = re.search(r"requests ([0-9]+) matches", said)
        return f"the pattern has no group {group[1]}" if group else said
    return ""


def around_match(pattern: str) -> str:
    """A pattern of a whole text whose first group is that of `pattern`, or all of its match if it has none.

    The text in front is as short as can be, so that the match is the one that a search finds.

    >>> around_match("v[0-9]+"), around_match("v([0-9]+)")
    ('^(?s:.*?)(v[0-9]+)(?s:.*)$', '^(?s:.*?)(?:v([0-9]+))(?s:.*)$')
    """
    whole = f"^(?s:.*?)(?:{pattern})(?s:.*)$"
    return whole if not replacement_problem(whole, r"\1") else f"^(?s:.*?)({pattern})(?s:.*)$"


def _with_place(said: str, pattern: str) -> str:
    reason, _, piece = said.partition(": ")
    if reason in ("missing )", "unexpected )"):  # RE2 names no place there
        place = _unpaired(pattern)
        reason += " for the (" if reason == "missing )" else ""
    else:
        place = pattern.find(piece) if piece else None
    if place is None or place < 0:
        return shown(said)
    return f"{reason} at character {place + 1}, {shown(pattern[place:])}"


def _unpaired(pattern: str) -> int | None:
    """Where the first closing parenthesis stands that closes nothing, else the last one that nothing closes."""
    opened: list[int] = []
    for place, character in _outside_of_classes(pattern):
        if character == "(":
            opened.append(place)
        elif character == ")":
            if not opened:
                return place
            opened.pop()
    return opened[-1] if opened else None


def _outside_of_classes(pattern: str) -> Iterator[tuple[int, str]]:
    """The characters that are neither escaped nor in a class such as `[()]`, with their places."""
    place, first = 0, -1  # first: where a `]` would stand for itself
    inside = False
    while place < len(pattern):
        character = pattern[place]
        if character == "\\":
            place += 2
            continue
        if not inside:
            yield place, character
        if character == "[" and not inside:
            inside, first = True, place + 1 + pattern.startswith("^", place + 1)
        elif character == "]" and inside and place > first:
            inside = False
        place += 1
