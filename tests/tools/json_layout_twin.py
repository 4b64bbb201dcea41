"""JSON in any layout as the contract reads it: the whole input at once, with Python's reader."""

import json
import re
from dataclasses import dataclass
from typing import NoReturn

BOM = b"\xef\xbb\xbf"
_NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Found:
    """A record: [begin, end) of the input; its object, or None if it is bad."""

    begin: int
    end: int
    event: str | None


def records(data: bytes, limit: int = 1 << 24) -> list[Found]:
    """Every record of an input, of which none may take more than `limit` bytes.

    >>> [found.event for found in records(b'[{"a": 1}, 7] {"b": 2}')]
    ['{"a": 1}', None, '{"b": 2}']
    """
    found: list[Found] = []
    at, inside = 0, False
    while True:
        at, inside = _behind_separators(data, at, inside)
        if at >= len(data):
            return found
        end, is_event = _value_end(data[at : at + limit])
        if end is None:
            behind, go_on = _behind_bad(data, at, limit)
            found.append(Found(at, behind, None))
            at = go_on
        else:
            event = data[at : at + end].decode() if is_event else None
            found.append(Found(at, at + end, event))
            at += end


def _behind_separators(data: bytes, at: int, inside: bool) -> tuple[int, bool]:
    while at < len(data):
        if data[at : at + 3] == BOM:
            at += 2
        elif data[at] == ord("[") and not inside:
            inside = True
        elif data[at] == ord("]"):
            inside = False
        elif data[at] not in b" \t\r\n,\0":
            break
        at += 1
    return at, inside


def _value_end(data: bytes) -> tuple[int | None, bool]:
    """The size of the value at the start, None if there is none that is whole; and whether it is an object."""
    text = data.decode("utf-8", "surrogateescape")
    if number := _NUMBER.match(data):
        end, spelling = number.end(), number[0].lower()
        goes_on = data[end : end + 1].lower() in {
            *(b"%d" % digit for digit in range(10)),
            *([] if b"." in spelling or b"e" in spelling else [b"."]),
            *([] if b"e" in spelling else [b"e"]),
        }
        return (None if goes_on else end), False
    try:
        value, size = json.JSONDecoder(parse_constant=_refused).raw_decode(text)
        end = len(text[:size].encode())
    except ValueError:  # also for bytes that are no UTF-8
        return None, False
    return end, isinstance(value, dict)


def _refused(name: str) -> NoReturn:
    raise ValueError(name)


def _behind_bad(data: bytes, begin: int, limit: int) -> tuple[int, int]:
    """Where a bad record ends, and where reading goes on: elsewhere only if it is longer than `limit`."""
    line = data[:begin].rfind(b"\n") + 1
    before = data[line:begin].replace(BOM, b"").replace(b"\0", b"")
    column = len(before.decode("utf-8", "replace"))
    is_cut = len(data) - begin >= limit
    found, resume = _next_line(data[: begin + limit] if is_cut else data, begin, column)
    if found is not None:
        return found, found
    if not is_cut:
        return len(data), len(data)
    end = resume if resume > begin else begin + limit
    found, _ = _next_line(data, end, column)
    return end, len(data) if found is None else found


def _next_line(data: bytes, at: int, column: int) -> tuple[int | None, int]:
    while (newline := data.find(b"\n", at)) >= 0:
        line = newline + 1
        at = line
        while data[at : at + 1] in (b" ", b"\t", b"\r"):
            at += 1
        if at >= len(data):
            return None, newline
        if data[line] == 0 or (data[at] == ord("{") and at - line <= column):
            return line, line
    return None, len(data)
