"""Checkpoints that somebody made by hand: whole to every checksum, and not what this program writes."""

import copy
import json
import random
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from streamstat.checkpoints.checkpoint import decode, decode_parts, encode_parts
from streamstat.common.errors import StateError

Step: TypeAlias = str | int
MISSING = object()
REPLACEMENTS: dict[str, Any] = {
    "missing": MISSING,
    "null": None,
    "true": True,
    "zero": 0,
    "negative": -7,
    "huge": 2**80,
    "large": 2**62,
    "fraction": 0.5,
    "no text": "",
    "text": "/nothing/../here",
    "dots": "a." * 100,
    "NUL": "a\0b",
    "surrogate": "\ud800",
    "byte": "\udcff",
    "list": [],
    "list of lists": [[[]]],
    "object": {},
    "object in objects": {"a": {"b": None}},
}


class Crafted:
    """The checkpoint of a state, of which copies can be written in which something else stands."""

    def __init__(self, path: Path) -> None:
        self._path, self._data = path, path.read_bytes()
        self.parts = decode_parts(reader(self._data), len(self._data), "checkpoint")
        self.facts = json.loads(self.parts["run"])

    def places(self) -> list[tuple[Step, ...]]:
        """Where a value stands in the facts."""
        return list(_places(self.facts))

    def with_fact(self, place: tuple[Step, ...], value: Any) -> bytes:
        """The file with another value in this place, or none."""
        facts = copy.deepcopy(self.facts)
        inner = facts
        for step in place[:-1]:
            inner = inner[step]
        if value is MISSING:
            del inner[place[-1]]
        else:
            inner[place[-1]] = value
        return self.with_part("run", json.dumps(facts).encode())

    def with_part(self, name: str, part: bytes) -> bytes:
        """The file with another part of this name."""
        return b"".join(encode_parts(self.parts | {name: part}))

    def write(self, data: bytes) -> None:
        """Put it in the place of the checkpoint."""
        self._path.write_bytes(data)


def reader(data: bytes) -> Callable[[int, int], bytes]:
    """What reads a file of these bytes."""
    return lambda lo, hi: data[lo:hi]


def is_refused(data: bytes) -> bool:
    """Whether a file of these bytes is no checkpoint."""
    try:
        decode(reader(data), len(data), "checkpoint")
    except StateError:
        return True
    return False


def damaged(part: bytes, chosen: random.Random) -> bytes:
    """A part cut short, with one byte changed, bytes repeated, or a number in it that is as large as can be."""
    place, how = chosen.randrange(len(part)), chosen.randrange(4)
    if how == 0:
        return part[:place]
    if how == 1:
        return part[:place] + part[place : place + 8] + part[place:]
    if how == 2:
        return part[:place] + b"\xff" * 7 + b"\x7f" + part[place + 8 :]
    return part[:place] + bytes([part[place] ^ 1 << chosen.randrange(8)]) + part[place + 1 :]


def _places(value: Any, place: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield (*place, step)
        yield from _places(each, (*place, step))


def within(more_bytes: int) -> None:
    """In the process of a command: no more address space than it has, and so many bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
