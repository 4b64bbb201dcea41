"""The two sides of a join: which inputs are of which, by the names that stand before them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from streamstat.common.errors import UsageError
from streamstat.common.units import shown

_SIDED = re.compile(r"([^\W\d]\w*)=(.*)", re.DOTALL)
_SIDES_EXAMPLE = "for example clicks=clicks.ndjson views=views.ndjson"


def with_sides(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of `join` with the names of the sides, and inputs without them. With `--side` inputs have no names."""
    inputs = options.get("inputs", ())
    inputs = (inputs,) if isinstance(inputs, str) else tuple(inputs)
    if options.get("side"):
        return dict(options)
    if not inputs:
        raise UsageError("INPUT", "a join has two sides, and there is no input", _SIDES_EXAMPLE)
    found = [_sided(text) for text in inputs]
    names = list(dict.fromkeys(name for name, _ in found))
    if len(names) != 2:
        many = (
            f"these are {len(names)}: {', '.join(names)}" if len(names) > 2 else f"there is {names[0]} alone"
        )
        hint = _SIDES_EXAMPLE if len(names) > 2 else "name the other one, or use --side NAME=EXPR, twice"
        raise UsageError("INPUT", f"a join has two sides, and {many}", hint)
    streams = tuple(names.index(name) for name, _ in found)
    return {**options, "inputs": tuple(path for _, path in found), "names": tuple(names), "streams": streams}


def _sided(text: str) -> tuple[str, str]:
    """The side that an input is of, and where it is."""
    found = _SIDED.fullmatch(text)
    if found is None or not found[2]:
        name, equals, path = text.partition("=")
        if equals and name and path:
            problem = f"{shown(name)} cannot be the name of a side, which has letters, digits and _"
            raise UsageError("INPUT", problem, f"for example clicks={path}")
        problem = f"{shown(text)} does not say of which side it is"
        raise UsageError("INPUT", problem, _SIDES_EXAMPLE if equals else f"for example clicks={text}")
    return found[1], found[2]


def by_side(option: str, texts: Sequence[str], names: Sequence[str]) -> list[tuple[str, ...]]:
    """What an option says of each side: `NAME=TEXT` of one of them, any other text of both."""
    found: list[list[str]] = [[] for _ in names]
    for text in texts:
        sided = _SIDED.fullmatch(text.strip())
        if sided is None or sided[2].startswith("="):
            for each in found:
                each.append(text)
        elif sided[1] in names:
            found[names.index(sided[1])].append(sided[2])
        else:
            problem = f"{shown(sided[1])} is none of the sides {' and '.join(names)}"
            raise UsageError(option, problem, f"for example {option} {names[0]}={sided[2]}")
    return [tuple(each) for each in found]
