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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any

from streamstat.errors import StateError

MAGIC = b"\x89streamstat\r\n\x1a\n"  # shows at once if a transfer took it for text
FORMAT = 1
HEAD = struct.Struct("<15sII")
DIGEST_BYTES = 32
ENGINE = "engine/"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything that a later run goes on from.

    number: commits before and with this one. token: random, in the names of files that are not published yet.
    plan: the options that decide the result and where it goes. time: the field of event time, once it is known.
    inputs: what tells the inputs again, and how far they were taken. outputs: what is committed of each.
    written: the wall clock, for people. engine: its parts. stdout: rows that may not have been printed.
    """

    number: int
    token: str
    plan: dict[str, Any]
    time: str | None = None
    inputs: list[dict[str, Any]] = field(default_factory=list)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    written: str = ""
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


def decode(data: bytes, place: str) -> Checkpoint:
    """The checkpoint in the bytes of a file; StateError says why there is none."""
    parts = decode_parts(data, place)
    try:
        facts = json.loads(parts.pop("run"))
        stdout = parts.pop("stdout")
        engine = {name.removeprefix(ENGINE): part for name, part in parts.items()}
        return Checkpoint(**facts, engine=engine, stdout=stdout)
    except (KeyError, TypeError, ValueError):
        raise StateError(place, "its parts do not fit together", REPLACE) from None


def encode_parts(parts: Mapping[str, bytes]) -> Iterator[bytes]:
    """The bytes of a file of these parts, in pieces.

    >>> decode_parts(b"".join(encode_parts({"a": b"xyz"})), "here")
    {'a': b'xyz'}
    """
    table = b"".join(
        struct.pack("<H", len(name.encode())) + name.encode() + struct.pack("<Q", len(part)) + _digest(part)
        for name, part in parts.items()
    )
    head = HEAD.pack(MAGIC, FORMAT, len(table))
    yield head + _digest(head + table) + table
    yield from parts.values()


def decode_parts(data: bytes, place: str) -> dict[str, bytes]:
    """The parts in the bytes of a file; StateError if a byte is not as it was written."""
    begin = HEAD.size + DIGEST_BYTES
    if len(data) < begin or not data.startswith(MAGIC):
        raise StateError(place, "is no checkpoint, or its beginning is damaged", REPLACE)
    _, version, size = HEAD.unpack_from(data)
    table = data[begin : begin + size]
    if len(table) != size or _digest(data[: HEAD.size] + table) != data[HEAD.size : begin]:
        raise StateError(place, "its table of parts is damaged", REPLACE)
    if version != FORMAT:
        problem = f"has format {version}, and this version reads format {FORMAT}"
        raise StateError(place, problem, "run the version of streamstat that wrote it, or a later one")
    return dict(_parts(data, table, begin + size, place))


REPLACE = "put it back from a copy together with its reports, or begin anew with another --state"


def _parts(data: bytes, table: bytes, begin: int, place: str) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(table):
        (length,) = struct.unpack_from("<H", table, at)
        name = table[at + 2 : at + 2 + length].decode()
        at += 2 + length
        (size,) = struct.unpack_from("<Q", table, at)
        part = data[begin : begin + size]
        if len(part) != size or _digest(part) != table[at + 8 : at + 8 + DIGEST_BYTES]:
            raise StateError(place, f"its part {name} is damaged", REPLACE)
        yield name, part
        at += 8 + DIGEST_BYTES
        begin += size
    if begin != len(data):
        raise StateError(place, f"has {len(data) - begin} bytes too many", REPLACE)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST_BYTES).digest()
