"""Conditions as programs for the native index of queries: what of a condition it can decide, and what it leaves open.

`kernels/queries/query_program.hpp` has the form. A part that is not in it, such as arithmetic, is written as unknown.
"""

import struct
from collections.abc import Callable, Iterator
from typing import TypeAlias

from streamstat.expressions import phrases, texts
from streamstat.expressions.logic import Among, Comparison, Every, IsNull, Not, Some
from streamstat.expressions.nodes import Field, Literal, Node, Search

UNKNOWN = b"?"
Piece: TypeAlias = bytes | int | str  # what is as it stands, and the values that are written in a condition
_COMPARED = ("==", "!=", "<", "<=", ">", ">=")
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SEARCHES: dict[Callable[..., object], bytes] = {
    texts.starts_with: b"s",
    texts.ends_with: b"e",
    texts.contains: b"t",
    phrases.has_words: b"w",
}
_MOST_PARTS = 2**16 - 1


def program(node: Node, number: Callable[[str], int]) -> list[Piece]:
    """The pieces of a condition; `number` tells that of a field.

    >>> from streamstat.expressions import compile_condition
    >>> program(compile_condition("ok and x > 7", "--query").node, ["ok", "x"].index)
    [b'a\\x02\\x00', b'f\\x00\\x00\\x00\\x00', b'c\\x04\\x01\\x00\\x00\\x00', b'\\x03', 7]
    """
    return list(_pieces(node, lambda path: struct.pack("<I", number(path))))


def program_bytes(pieces: list[Piece]) -> bytes:
    """The program that pieces make."""
    return b"".join(each if isinstance(each, bytes) else value_bytes(each) for each in pieces)


def value_bytes(value: int | str) -> bytes:
    """A value as it stands in a program, behind the byte that tells its kind."""
    if isinstance(value, int):
        return struct.pack("<q", value)
    text = value.encode()
    return struct.pack("<I", len(text)) + text


def _pieces(node: Node, field: Callable[[str], bytes]) -> Iterator[Piece]:
    match node:
        case Every(parts=parts) | Some(parts=parts) if len(parts) <= _MOST_PARTS:
            yield (b"a" if isinstance(node, Every) else b"o") + struct.pack("<H", len(parts))
            for part in parts:
                yield from _pieces(part, field)
        case Not(value=value):
            yield b"n"
            yield from _pieces(value, field)
        case Comparison(ops=ops, operands=operands) if len(ops) <= _MOST_PARTS:
            if len(ops) > 1:
                yield b"a" + struct.pack("<H", len(ops))
            for op, left, right in zip(ops, operands[:-1], operands[1:], strict=True):
                yield from _comparison(op, left, right, field)
        case Among(value=Field(path=path)) if (elements := _elements(node)) is not None:
            nulls = sum(each is None for each in elements)
            yield b"i" + field(path) + struct.pack("<BI", nulls > 0, len(elements) - nulls)
            for element in elements:
                yield from () if element is None else _literal(element)
        case Search(function=function, value=Field(path=path), sought=sought) if function in _SEARCHES:
            yield _SEARCHES[function] + field(path)
            yield sought
        case phrases.Anywhere(sought=sought):
            yield b"y"
            yield sought
        case IsNull(value=Field(path=path)):
            yield b"z" + field(path)
        case Field(path=path):
            yield b"f" + field(path)
        case _:
            yield UNKNOWN


def _comparison(op: str, left: Node, right: Node, field: Callable[[str], bytes]) -> Iterator[Piece]:
    if isinstance(left, Literal):
        op, left, right = _TURNED[op], right, left
    if isinstance(left, Field) and isinstance(right, Literal) and _is_plain(right.value):
        yield b"c" + bytes([_COMPARED.index(op)]) + field(left.path)
        yield from _literal(right.value)
    else:
        yield UNKNOWN


def _elements(node: Among) -> list[bool | int | float | str | None] | None:
    """The elements of a list, None if it has others than plain values."""
    others = [each.value for each in node.others if isinstance(each, Literal)]
    plain = len(others) == len(node.others) and all(each is None or _is_plain(each) for each in others)
    return [*node.integers, *node.words, *others] if plain and not node.large else None


def _is_plain(value: bool | int | float | str | None) -> bool:
    """Whether it is compared without the spelling of the other side: see `Literal.is_beyond_int64`."""
    return value is not None and not Literal(value).is_beyond_int64


def _literal(value: bool | int | float | str | None) -> Iterator[Piece]:
    """The byte of its kind, as `Kind` has it, and the value."""
    if isinstance(value, bool):
        yield bytes([1 + value])
    elif isinstance(value, float):
        yield b"\4" + struct.pack("<d", value)
    elif value is not None:
        yield b"\3" if isinstance(value, int) else b"\5"
        yield value
