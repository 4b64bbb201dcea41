"""JSON as the plain readers of logs see it: numbers as they are spelt, fields by their paths."""

import json
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Number:
    """A number as it is spelt."""

    spelling: str


def parsed(text: str) -> Any:
    """JSON with numbers as they are spelt."""
    return json.loads(text, parse_float=Number, parse_int=Number)


def spelt(value: Any) -> str:
    """A value as JSON."""
    if isinstance(value, Number):
        return value.spelling
    if isinstance(value, dict):
        return "{" + ",".join(f"{spelt(name)}:{spelt(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(spelt, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def at(value: Any, path: str) -> Any:
    """A field by its path; None where it is not there."""
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    name, dot, rest = path.partition(".")
    return at(value.get(name), rest) if dot else None


def count(value: Any) -> int | None:
    """A whole number from 0 on."""
    found = isinstance(value, Number) and re.fullmatch(r"\d{1,19}", value.spelling)
    return int(value.spelling) if found and int(value.spelling) < 2**63 else None
