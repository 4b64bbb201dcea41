"""Shapes that values read from JSON are held to; knows nothing of what they are about.

A shape is called with a value and with the place it stands at. It answers with ValueError, which names the place.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Shape: TypeAlias = Callable[[Any, str], None]

LONGEST_PATH = 4095  # bytes, as Linux has it


def flag(value: Any, place: str) -> None:
    """True or false."""
    _require(isinstance(value, bool), place, "true or false")


def text(value: Any, place: str) -> None:
    """A text that is UTF-8."""
    _require(isinstance(value, str) and _is_utf8(value), place, "a text")


def path(value: Any, place: str) -> None:
    """What can be the name of a file; bytes that are no UTF-8 are in it as Python has them in names."""
    _require(isinstance(value, str) and _is_path(value), place, "a path")


def number(lowest: int, highest: int) -> Shape:
    """A whole number in [lowest, highest]."""

    def check(value: Any, place: str) -> None:
        fits = isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
        _require(fits, place, f"a whole number from {lowest} to {highest}")

    return check


def digits(fewest: int, most: int) -> Shape:
    """So many hexadecimal digits, as a text."""
    pattern = re.compile(f"[0-9a-f]{{{fewest},{most}}}")

    def check(value: Any, place: str) -> None:
        _require(isinstance(value, str) and bool(pattern.fullmatch(value)), place, "hexadecimal digits")

    return check


def among(words: Sequence[str]) -> Shape:
    """One of these texts."""

    def check(value: Any, place: str) -> None:
        _require(isinstance(value, str) and value in words, place, f"one of {', '.join(words)}")

    return check


def optional(shape: Shape) -> Shape:
    """The shape, or null."""

    def check(value: Any, place: str) -> None:
        if value is not None:
            shape(value, place)

    return check


def either(*shapes: Shape) -> Shape:
    """Any of the shapes; what is of none is told as the last one tells it."""

    def check(value: Any, place: str) -> None:
        for shape in shapes[:-1]:
            try:
                return shape(value, place)
            except ValueError:
                continue
        return shapes[-1](value, place)

    return check


def row(*shapes: Shape) -> Shape:
    """A list of so many values, each of its shape."""

    def check(value: Any, place: str) -> None:
        _require(isinstance(value, list) and len(value) == len(shapes), place, f"a list of {len(shapes)}")
        for i, (shape, each) in enumerate(zip(shapes, value, strict=True)):
            shape(each, f"{place}[{i}]")

    return check


def rows(shape: Shape) -> Shape:
    """A list of values of one shape."""

    def check(value: Any, place: str) -> None:
        _require(isinstance(value, list), place, "a list")
        for i, each in enumerate(value):
            shape(each, f"{place}[{i}]")

    return check


def table(names: Shape, values: Shape) -> Shape:
    """An object whose names and values are of these shapes."""

    def check(value: Any, place: str) -> None:
        _require(isinstance(value, dict), place, "an object")
        for name, each in value.items():
            names(name, f"a name in {place}")
            values(each, _inside(place, name))

    return check


def entries(
    always: Mapping[str, Shape], sometimes: Mapping[str, Shape] | None = None, others: Shape | None = None
) -> Shape:
    """An object with the keys of `always`, perhaps those of `sometimes`, and of others those that have that shape."""
    known = {**always, **(sometimes or {})}

    def check(value: Any, place: str) -> None:
        _require(isinstance(value, dict), place, "an object")
        for name in always:
            _require(name in value, _inside(place, name), "to be there")
        for name, each in value.items():
            shape = known.get(name, others)
            if shape is None:
                raise ValueError(f"{_inside(place, name)}: unknown")
            shape(each, _inside(place, name))

    return check


def _require(fits: bool, place: str, expected: str) -> None:
    if not fits:
        raise ValueError(f"{place or 'its facts'}: expected {expected}")


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_path(value: str) -> bool:
    try:
        return 0 < len(os.fsencode(value)) <= LONGEST_PATH and "\0" not in value
    except UnicodeEncodeError:
        return False
