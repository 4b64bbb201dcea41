"""Container lines as the contract reads them: the whole input at once, line by line."""

import re
from dataclasses import dataclass, field

from oracle import lines

_LINE = re.compile(
    rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[!-~]*) (stdout|stderr) ([PF])(?::[^ ]*)?(?:\Z| (.*))", re.DOTALL
)


@dataclass
class Event:
    """An event: its parts as they were written, its time and stream, and the message; None if it is bad."""

    parts: list[bytes]
    time: str
    stream: str
    message: lines.Value | str | None = None


@dataclass
class _Open:
    parts: list[bytes] = field(default_factory=list)
    message: bytes = b""
    time: str = ""


def events(data: bytes, limit: int = 1 << 24) -> list[Event | bytes]:
    """Every event of an input, and every line that is none.

    `limit`: bytes that may be held back for parts that are to come.
    """
    found: list[Event | bytes] = []
    held: dict[str, _Open] = {}
    start = 0  # behind the last line with which nothing was open

    def write(stream: str) -> None:
        one = held.pop(stream)
        found.append(Event(one.parts, one.time, stream, _message(one.message)))

    def write_all() -> None:
        for stream in list(held):
            write(stream)

    at = 0
    for raw in _lines(data):
        behind = at + len(raw)
        is_full = behind > start + limit or (not raw.endswith(b"\n") and behind == start + limit)
        if is_full and at > start:
            write_all()
            start = at
        content = raw.lstrip(b"\0").removesuffix(b"\n").removesuffix(b"\r")
        at = behind
        if len(raw) > limit or (not raw.endswith(b"\n") and len(raw) == limit):
            start = behind
            continue  # it is too long itself
        if content.strip(b" \t\r"):
            line = _LINE.fullmatch(content)
            if line is None:
                found.append(raw.lstrip(b"\0"))
            else:
                stream = line[2].decode()
                one = held.setdefault(stream, _Open())
                one.parts.append(raw.lstrip(b"\0"))
                one.message += line[4] or b""
                one.time = line[1].decode()
                if line[3] == b"F":
                    write(stream)
        if not held or behind == start + limit:
            write_all()
            start = behind
    write_all()
    return found


def _lines(data: bytes) -> list[bytes]:
    *ended, rest = data.split(b"\n")
    return [line + b"\n" for line in ended] + [rest] * bool(rest)


def _message(message: bytes) -> lines.Value | str | None:
    try:
        return lines.read_object(message)
    except lines.BadLine:
        pass
    try:
        return message.decode()
    except UnicodeDecodeError:
        return None
