"""Input as the contract reads it: lines, and one strict RFC 8259 object a line, spellings kept."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 1024
BOM = b"\xef\xbb\xbf"

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# Not with possessive quantifiers: Python 3.11.2, that of Debian 12, goes on from the middle of an escape that failed.
_STRING = re.compile(r'"([^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*)"')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))")
_SPACE = re.compile(r"[ \t\r\n]*")
_SIMPLE = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = ("null", "true", "false")


class BadLine(Exception):
    """The line is no JSON object by the contract."""


@dataclass(frozen=True)
class Value:
    """One JSON value as written; kind is null, true, false, number, string or json (an object or array).

    text is the spelling of a number, the unescaped text of a string, the raw text of an object or array.
    """

    kind: str
    text: str = ""
    members: "dict[str, Value] | None" = field(default=None, compare=False)
    elements: "list[Value] | None" = field(default=None, compare=False)


NULL = Value("null")


def split_lines(data: bytes) -> list[bytes]:
    """The lines of one input; the last one need not end in a newline.

    NULs in front of a line are no part of it, and those at the end of the input are no line.

    >>> split_lines(b"\\0\\0a\\n\\0\\nb\\n\\0")
    [b'a', b'', b'b']
    """
    mark = BOM if data.startswith(BOM) else b""
    lines = [line.lstrip(b"\0") for line in data[len(mark) :].split(b"\n")]
    lines[0] = mark + lines[0]
    return lines[:-1] if lines[-1] == b"" else lines


def is_blank(line: bytes) -> bool:
    return not line.strip(b" \t\r")


def read_object(line: bytes) -> Value:
    """The object on a line, or BadLine.

    >>> read_object(b'{"a": 1.0}').members["a"].text
    '1.0'
    """
    if len(line) > MAX_BYTES:
        raise BadLine("longer than 16 MiB")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadLine("bad UTF-8") from error
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise BadLine("not an object")
    return _read(text, at)


def lookup(event: Value, path: str) -> Value | None:
    """The value at a path, None if there is no such field.

    At each object the longest name that is there and begins what is left of the path is taken, for good.
    """
    names = event.members
    if names is None:
        return None
    known = [end for end in (len(path), *_ends(path)) if path[:end] in names]
    return _behind(names[path[: max(known)]], path[max(known) :]) if known else None


def _ends(path: str) -> list[int]:
    """Where a name in front of a dot or of array steps may end."""
    return [match.start() for match in re.finditer(r"\.|(?=(?:\[-?[0-9]{1,9}\])+(?:\.|$))", path)]


def _behind(value: Value, rest: str) -> Value | None:
    """What is left of a path, from a value on."""
    if not rest:
        return value
    if rest[0] == ".":
        return lookup(value, rest[1:])
    step, _, behind = rest.partition("]")
    number, items = int(step[1:]), value.elements or []
    return _behind(items[number], behind) if -len(items) <= number < len(items) else None


@dataclass
class _Open:
    """An object or array whose end is not yet reached."""

    start: int
    members: dict[str, Value] | None
    elements: list[Value] | None
    name: str = ""


def _read(text: str, at: int) -> Value:
    """The value that starts at `at` and fills the rest of the text; a loop, since nesting may be deep."""
    opened: list[_Open] = []
    while True:
        if text[at : at + 1] in ("{", "["):
            opened.append(_Open(at, {}, None) if text[at] == "{" else _Open(at, None, []))
            if len(opened) > MAX_DEPTH:
                raise BadLine("nested too deeply")
            at = _skip(text, at + 1)
            if text[at : at + 1] != _closer(opened[-1]):
                at = _next_item(text, at, opened[-1])
                continue
            value, at = _close(text, at, opened)
        else:
            value, at = _scalar(text, at)
        while opened:
            if opened[-1].members is not None:
                opened[-1].members[opened[-1].name] = value
            if opened[-1].elements is not None:
                opened[-1].elements.append(value)
            at = _skip(text, at)
            if text[at : at + 1] == ",":
                at = _next_item(text, _skip(text, at + 1), opened[-1])
                break
            if text[at : at + 1] != _closer(opened[-1]):
                raise BadLine("expected a comma or the end of an object or array")
            value, at = _close(text, at, opened)
        else:
            if _skip(text, at) != len(text):
                raise BadLine("something after the object")
            return value


def _closer(item: _Open) -> str:
    return "]" if item.members is None else "}"


def _close(text: str, at: int, opened: list[_Open]) -> tuple[Value, int]:
    item = opened.pop()
    return Value("json", text[item.start : at + 1], item.members, item.elements), at + 1


def _next_item(text: str, at: int, item: _Open) -> int:
    """Where the next value starts: in an object after its name and colon."""
    if item.members is None:
        return at
    item.name, at = _string(text, at)
    at = _skip(text, at)
    if text[at : at + 1] != ":":
        raise BadLine("expected a colon")
    return _skip(text, at + 1)


def _scalar(text: str, at: int) -> tuple[Value, int]:
    if text[at : at + 1] == '"':
        string, at = _string(text, at)
        return Value("string", string), at
    for word in _WORDS:
        if text.startswith(word, at):
            return Value(word), at + len(word)
    number = _NUMBER.match(text, at)
    if number is None:
        raise BadLine("expected a value")
    return Value("number", number.group()), number.end()


def _string(text: str, at: int) -> tuple[str, int]:
    match = _STRING.match(text, at)
    if match is None:
        raise BadLine("bad string")
    return unescape(match.group(1)), match.end()


def unescape(raw: str) -> str:
    """The text of a string; lone surrogate escapes become U+FFFD.

    >>> unescape(r"\\ud83d\\ude00 \\ud83d") == "\\U0001F600 \\uFFFD"
    True
    """

    def one(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else _SIMPLE[match[2]]

    units = _ESCAPE.sub(one, raw)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else _unreachable()


def _unreachable() -> NoReturn:
    raise AssertionError("a pattern that matches nothing always matches")
