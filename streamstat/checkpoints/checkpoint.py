"""One checkpoint as one file: named parts, each with its length and digest; knows what is in few of them.

    magic                15 bytes
    format               uint32, little-endian as all numbers
    table                uint32: its length in bytes
    digest of the table  32 bytes: BLAKE2b of magic, format, length and table
    table                a part after the other: uint16 and its name, uint64 its length, 32 bytes its digest
    parts                one behind the other, and nothing behind the last

So every byte of the file is under a digest, the digests of the parts too. Later formats keep the first 55 bytes.
"""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any, TypeAlias

from streamstat.checkpoints.facts import facts_of
from streamstat.common.errors import StateError
from streamstat.common.terminal import printable

Read: TypeAlias = Callable[[int, int], bytes]  # the bytes [lo, hi) of a file, fewer if it ends before

MAGIC = b"\x89streamstat\r\n\x1a\n"  # shows at once if a transfer took it for text
FORMAT = 7
HEAD = struct.Struct("<15sII")
DIGEST_BYTES = 32
ENTRY = struct.Struct(f"<Q{DIGEST_BYTES}s")
ENGINE = "engine/"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything that a later run goes on from.

    number: commits before and with this one. token: random, in the names of files that are not published yet.
    plan: the options that decide the result and where it goes. times: of each stream the field of event time that was
    found.
    inputs: what tells the inputs again, and how far they were taken. outputs: what is committed of each.
    written: the wall clock, for people. ended: it was the last commit of a run that came to its end.
    engine: its parts. stdout: rows that may not have been printed.
    """

    number: int
    token: str
    plan: dict[str, Any]
    times: tuple[str | None, ...] = ()
    inputs: list[dict[str, Any]] = field(default_factory=list)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    written: str = ""
    ended: bool = False
    engine: Mapping[str, bytes] = field(default_factory=dict)
    stdout: bytes = b""


def encode(checkpoint: Checkpoint) -> Iterator[bytes]:
    """The bytes of the file, in pieces."""
    facts = {
        each.name: getattr(checkpoint, each.name)
        for each in fields(checkpoint)
        if each.name not in ("engine", "stdout")
    }
    parts = {"run": json.dumps(facts).encode(), "stdout": checkpoint.stdout}
    parts |= {ENGINE + name: part for name, part in checkpoint.engine.items()}
    return encode_parts(parts)


def decode(read: Read, size: int, place: str) -> Checkpoint:
    """The checkpoint in a file of so many bytes; StateError says why there is none."""
    parts = decode_parts(read, size, place)
    try:
        facts = facts_of(parts.pop("run"))
        stdout = parts.pop("stdout")
    except KeyError:
        raise StateError(place, "lacks a part", REPLACE) from None
    except ValueError as error:
        raise StateError(place, f"is not as this version writes it: {error}", REPLACE) from None
    engine = {name.removeprefix(ENGINE): part for name, part in parts.items()}
    facts["times"] = tuple(facts["times"])
    return Checkpoint(**facts, engine=engine, stdout=stdout)


def encode_parts(parts: Mapping[str, bytes]) -> Iterator[bytes]:
    """The bytes of a file of these parts, in pieces.

    >>> data = b"".join(encode_parts({"a": b"xyz"}))
    >>> decode_parts(lambda lo, hi: data[lo:hi], len(data), "here")
    {'a': b'xyz'}
    """
    table = b"".join(
        struct.pack("<H", len(name.encode())) + name.encode() + struct.pack("<Q", len(part)) + _digest(part)
        for name, part in parts.items()
    )
    head = HEAD.pack(MAGIC, FORMAT, len(table))
    yield head + _digest(head + table) + table
    yield from parts.values()


def decode_parts(read: Read, size: int, place: str) -> dict[str, bytes]:
    """The parts in a file of so many bytes; StateError if a byte is not as it was written.

    Nothing is read before it is known to be there: a file that is something else may be of any size.
    """
    begin = HEAD.size + DIGEST_BYTES
    head = read(0, begin) if size >= begin else b""
    if len(head) < begin or not head.startswith(MAGIC):
        raise StateError(place, "is no checkpoint, or its beginning is damaged", REPLACE)
    _, version, length = HEAD.unpack_from(head)
    table = read(begin, begin + length) if length <= min(MOST_TABLE_BYTES, size - begin) else b""
    if len(table) != length or _digest(head[: HEAD.size] + table) != head[HEAD.size :]:
        raise StateError(place, "its table of parts is damaged", REPLACE)
    if version != FORMAT:
        problem = f"has format {version}, and this version reads format {FORMAT}"
        raise StateError(place, problem, OLDER if version < FORMAT else NEWER)
    try:
        entries = list(_entries(table))
    except (ValueError, struct.error):
        raise StateError(place, "its table of parts is damaged", REPLACE) from None
    if len({name for name, _, _ in entries}) != len(entries):
        raise StateError(place, "has two parts of one name", REPLACE)
    begin += length
    missing = begin + sum(length for _, length, _ in entries) - size
    if missing:
        problem = f"has {-missing:,} bytes too many" if missing < 0 else f"ends {missing:,} bytes too early"
        raise StateError(place, problem, REPLACE)
    return dict(_parts(read, entries, begin, place))


NEWER = "run the version of streamstat that wrote it, or a later one"
OLDER = "run the version of streamstat that wrote it, or begin anew with a new --state and new names for its reports"
MOST_TABLE_BYTES = 1 << 20  # some thousands of parts, where there are tens
REPLACE = (
    "restore it and its reports from a backup, or begin anew with a new --state and new names for its reports"
)


def _entries(table: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Name, length and digest of each part."""
    at = 0
    while at < len(table):
        (length,) = struct.unpack_from("<H", table, at)
        at += 2 + length
        name = table[at - length : at].decode()
        size, digest = ENTRY.unpack_from(table, at)
        at += ENTRY.size
        yield name, size, digest


def _parts(
    read: Read, entries: list[tuple[str, int, bytes]], begin: int, place: str
) -> Iterator[tuple[str, bytes]]:
    for name, size, digest in entries:
        part = read(begin, begin + size)
        if len(part) != size or _digest(part) != digest:
            raise StateError(place, f"its part {printable(name, 60)} is damaged", REPLACE)
        yield name, part
        begin += size


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST_BYTES).digest()
