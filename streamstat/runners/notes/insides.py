"""Names deeper in an event than anybody looked: in the object that a text holds, or in the elements of an array."""

from collections.abc import Collection

from streamstat.runners.notes import EventRecord
from streamstat.runners.notes.showing import field_in
from streamstat.values.columns import Kind

_DEPTH = 6


def inside_hint(event: EventRecord, wanted: Collection[str]) -> str:
    """The option by which the event would have one of these fields; empty if none is found.

    >>> from streamstat.input.formats.ndjson import Ndjson
    >>> inside_hint(EventRecord(Ndjson(), b'{"log": "{\\\\"ts\\\\": 1}"}'), ["ts"])
    '--unwrap log reads the object in its text'
    >>> inside_hint(EventRecord(Ndjson(), b'{"Records": [{"ts": 1}]}'), ["ts"])
    '--each Records takes its elements as events'
    """
    for name in event.names():
        kind, text = field_in(event, name)
        if kind == Kind.TEXT and text.lstrip()[:1] == "{" and _has(_value(text), wanted):
            return f"--unwrap {name} reads the object in its text"
        if kind == Kind.JSON and (path := _array(name, _value(text), wanted, _DEPTH)):
            return f"--each {path} takes its elements as events"
    return ""


def _value(text: str) -> object:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _has(value: object, wanted: Collection[str]) -> bool:
    return isinstance(value, dict) and any(name in value for name in wanted)


def _array(path: str, value: object, wanted: Collection[str], depth: int) -> str:
    """The path of an array of objects with such a field; arrays on the way count as objects do."""
    if isinstance(value, list):
        first = value[0] if value else None
        return path if _has(first, wanted) else _array(path, first, wanted, depth - 1) if depth else ""
    if isinstance(value, dict) and depth:
        found = (_array(f"{path}.{name}", inner, wanted, depth - 1) for name, inner in value.items())
        return next(filter(None, found), "")
    return ""
