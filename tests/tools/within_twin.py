"""Plain twin of what is inside of a record: the object that a text holds, then the elements of an array."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field

from oracle.lines import BadLine, Value, lookup, read_object

STEP = re.compile(r"\.|(?=(?:\[-?[0-9]{1,9}\])+(?:\.|$))")
Chain = tuple[Value, ...]  # objects, the outer ones first


@dataclass
class Parts:
    """What a record gives: its events with the spelling of each, and the spellings of what is none."""

    events: list[tuple[str, Chain]] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)


def parts_of(record: str, unwrap: str | None, each: str | None) -> Parts:
    """The parts of a record that is an object; none at all if it counts as blank."""
    chain: Chain = (read_object(record.encode()),)
    text = None if unwrap is None else lookup(chain[0], unwrap)
    if text is not None and text.kind == "string":
        with suppress(BadLine):
            chain = (*chain, read_object(text.text.encode()))
    parts = Parts()
    if each is None:
        parts.events.append((record, chain))
    else:
        _walk(record, chain, chain, each, parts)
    return parts


def found(chain: Chain, path: str) -> Value | None:
    """The value of a field: the object that has the longest name for it decides, the innermost of equal ones."""
    best = max(chain, key=lambda each: (_taken(each, path), chain.index(each)))
    return lookup(best, path)


def spelt(value: Value) -> str:
    """The text of a value; without white space where it goes over several lines."""
    if value.kind != "json" or "\n" not in value.text:
        return value.text
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[^\s"]+', value.text)
    return "".join(tokens)


def _walk(spelling: str, around: Chain, own: Chain, path: str, parts: Parts) -> None:
    """Elements that an object has at a path; `own` is the object, and what was unwrapped of it."""
    best = max(own, key=lambda each: (_taken(each, path), own.index(each)))
    array, rest = _array(best, path)
    if array is None or array.kind == "null":
        return
    if array.elements is None:
        parts.bad.append(spelling)
        return
    for element in array.elements:
        text = json.dumps(element.text) if element.kind == "string" else element.text
        if element.members is None:
            parts.bad.append(text or element.kind)
        elif rest:
            _walk(text, (*around, element), (element,), rest, parts)
        else:
            parts.events.append((text, (*around, element)))


def _array(value: Value, path: str) -> tuple[Value | None, str]:
    """The value at a path, or the array on the way to it and what is left of the path."""
    length = _taken(value, path) - 1
    if length < 0:
        return None, ""
    assert value.members is not None
    at, rest = value.members[path[:length]], path[length:]
    while rest.startswith("["):
        number, rest = int(rest[1 : rest.index("]")]), rest[rest.index("]") + 1 :]
        items = at.elements or []
        if not -len(items) <= number < len(items):
            return None, ""
        at = items[number]
    if rest and at.elements is not None:
        return at, rest[1:]
    return _array(at, rest[1:]) if rest else (at, "")


def _taken(value: Value, path: str) -> int:
    """The length of the longest name that begins a path, and one more; 0 if there is none."""
    ends = [len(path), *(match.start() for match in STEP.finditer(path))]
    return max((end + 1 for end in ends if path[:end] in (value.members or {})), default=0)
