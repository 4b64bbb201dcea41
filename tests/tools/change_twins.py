"""The kernels of changes, the plain way: over values that `json` has read, numbers as they are spelt."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from oracle.changes import Number, parsed, spelt

from streamstat.values.columns import Texts

Kernel = Callable[..., Any]


def column(texts: Sequence[str | bytes]) -> tuple[Any, Any]:
    """Offsets and bytes, as kernels take them."""
    spelt_out = [each if isinstance(each, bytes) else each.encode() for each in texts]
    offsets = np.cumsum([0, *map(len, spelt_out)], dtype=np.int64)
    return offsets, np.frombuffer(b"".join(spelt_out), np.uint8)


def listed(arrays: Any) -> list[str]:
    """What a kernel gave, as a list."""
    texts = Texts(*arrays)
    return [texts[i].decode("utf-8", "replace") for i in range(len(texts))]


def values(texts: Sequence[str]) -> list[Any]:
    """The values of texts that kernels gave; None where one is empty."""
    return [parsed(each) if each else None for each in texts]


def pairs(names: Any, given: Any) -> Any:
    """An object of two lists."""
    fits = isinstance(names, list) and isinstance(given, list) and len(names) == len(given)
    return (
        dict(zip(names, given, strict=True))
        if fits and all(isinstance(each, str) for each in names)
        else None
    )


def named(columns: Any) -> Any:
    """An object of a list of names with values."""
    is_list = isinstance(columns, list)
    if not is_list or not all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in columns
    ):
        return None
    return {each["name"]: each.get("value") for each in columns}


def overlaid(below: Any, above: Any) -> Any:
    """The members of both."""
    objects = [each for each in (below, above) if isinstance(each, dict)]
    return {name: value for each in objects for name, value in each.items()} if objects else None


def without(value: Any, prefix: str) -> Any:
    """An object without some members."""
    return (
        {name: each for name, each in value.items() if not name.startswith(prefix)}
        if isinstance(value, dict)
        else None
    )


def edited(row: Any, steps: Any) -> Any:
    """A row changed by steps; None if these are none."""
    if row is None:
        row = {}
    if not isinstance(row, dict) or not isinstance(steps, list) or not all(map(_is_step, steps)):
        return None
    row = parsed(spelt(row))
    for what, path, *value in steps:
        _step(row, what, path, *value)
    return row


def _is_step(step: Any) -> bool:
    if not isinstance(step, list) or len(step) < 2 or not isinstance(step[1], list) or not step[1]:
        return False
    sizes = {"=": 3, "<": 3, "-": 2}
    return isinstance(step[0], str) and sizes.get(step[0]) == len(step)


def _step(row: Any, what: str, path: list[Any], value: Any = None) -> None:
    if what == "=":
        _set(row, path, value)
        return
    place = row
    for name in path if what == "<" else path[:-1]:
        place = _child(place, name)
    if what == "<":
        if isinstance(place, list):
            del place[int(value.spelling) :]
        return
    if isinstance(place, dict):
        place.pop(_name(path[-1]), None)
    elif isinstance(place, list) and (i := _index(path[-1])) is not None and i < len(place):
        place[i] = None


def _set(place: Any, path: list[Any], value: Any) -> None:
    for i, name in enumerate(path):
        key: Any = _name(name)
        if isinstance(place, list):
            key = _index(name)
            if key is None:
                return
            place += [None] * (key + 1 - len(place))
        if i == len(path) - 1:
            place[key] = value
            return
        if not isinstance(place[key] if isinstance(place, list) else place.get(key), dict | list):
            place[key] = {}
        place = place[key]


def _child(place: Any, name: Any) -> Any:
    if isinstance(place, dict):
        return place.get(_name(name))
    i = _index(name)
    return place[i] if isinstance(place, list) and i is not None and i < len(place) else None


def _name(name: Any) -> str:
    return name if isinstance(name, str) else spelt(name)


def _index(name: Any) -> int | None:
    text = name.spelling if isinstance(name, Number) else name
    return int(text) if isinstance(text, str) and text.isdecimal() and text.isascii() else None
