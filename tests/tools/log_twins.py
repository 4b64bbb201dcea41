"""Text logs read plainly: one line, without its end, to cells, or None if it is bad."""

import re
from collections.abc import Sequence

from oracle import lines

from tools.line_verdicts import Cell, Row

_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (.+) ([A-Za-z]+/[0-9][0-9.]*)", re.DOTALL)
_ESCAPE = re.compile(rb'\\(?:(["\\])|x([0-9a-fA-F]{2}))')
_JSON_ESCAPES = re.compile(r'(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*', re.DOTALL)
NULL: Cell = ("null", "")


def typed(text: str) -> Cell:
    """A bare value."""
    if text == "":
        return NULL
    if text in ("true", "false"):
        return text, ""
    return ("number", text) if _NUMBER.fullmatch(text) else ("text", text)


def logged(raw: bytes) -> str:
    """The text that a server has escaped."""
    data = _ESCAPE.sub(lambda found: found[1] or bytes.fromhex(found[2].decode()), raw)
    return data.decode("utf-8", "replace")


def text_of(raw: bytes) -> Cell:
    return NULL if raw == b"-" else ("text", logged(raw))


def value_of(raw: bytes) -> Cell:
    """A value that may be a number."""
    if raw == b"-":
        return NULL
    kind, text = typed(raw.decode("latin-1"))
    return ("text", logged(raw)) if kind == "text" else (kind, text)


def request_of(raw: bytes) -> Row:
    found = _REQUEST.fullmatch(raw)
    if not found:
        return dict.fromkeys(("method", "path", "query", "protocol"), NULL)
    path, mark, query = found[2].partition(b"?")
    return {
        "method": ("text", logged(found[1])),
        "path": ("text", logged(path)),
        "query": ("text", logged(query)) if mark else NULL,
        "protocol": ("text", logged(found[3])),
    }


def common(line: bytes) -> Row | None:
    """A line that ends behind its bytes."""
    found = _first_half(line)
    return found[0] if found and found[1] is None else None


def combined(line: bytes) -> Row | None:
    """A line that may go on."""
    found = _first_half(line)
    if not found:
        return None
    row, behind = found
    if behind is None or not behind.startswith(b'"'):
        return row
    referer = _QUOTED.match(behind)
    agent = _QUOTED.match(behind, referer.end() + 1) if referer else None
    if not referer or not agent or behind[referer.end() : agent.start()] != b" ":
        return None
    return {**row, "referer": text_of(referer[1]), "agent": text_of(agent[1])}


def _first_half(line: bytes) -> tuple[Row, bytes | None] | None:
    """The cells up to the bytes, and what is behind the space behind them."""
    host, _, rest = line.partition(b" ")
    ident, space, rest = rest.partition(b" ")
    word, found, _ = rest.partition(b" ")
    begin = rest.find(b" [", len(word))
    if not host or not ident or not space or not found or begin < 0 or (word == b"-" and begin > 1):
        return None
    time, bracket, rest = rest[begin + 2 :].partition(b"]")
    request = _QUOTED.match(rest, 1)
    if not bracket or rest[:1] != b" " or not request or rest[request.end() : request.end() + 1] != b" ":
        return None
    status, space, rest = rest[request.end() + 1 :].partition(b" ")
    size, more, behind = rest.partition(b" ")
    if not status or not space or not size:
        return None
    words = line[len(host) + len(ident) + 2 :]
    texts = {"host": host, "ident": ident, "user": words[:begin], "time": time}
    row = {
        **{name: text_of(raw) for name, raw in texts.items()},
        **request_of(request[1]),
        "status": value_of(status),
        "bytes": value_of(size),
    }
    return row, behind if more else None


def log_format(line: bytes, head: str, steps: Sequence[tuple[str, str]]) -> Row | None:
    """A line of a log_format: what stands in front, names and the text behind each."""
    if not line.startswith(head.encode()):
        return None
    row: dict[str, Cell] = {}
    rest = line[len(head.encode()) :]
    for name, between in steps:
        raw, found, rest = rest.partition(between.encode()) if between else (rest, b" ", b"")
        if not found:
            return None
        row |= request_of(raw) if name == "request" else {name: value_of(raw)}
    return None if rest else row


def logfmt(line: bytes) -> Row | None:
    """A line of key=value."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    row: dict[str, Cell] = {}
    has_pair = False
    while text := re.sub(r"\A[\0- ]+", "", text):
        name = re.split(r"[\0- =]", text, maxsplit=1)[0]
        text = text[len(name) :]
        if not name:
            return None
        if not text.startswith("="):
            row[name] = ("true", "")
            continue
        has_pair = True
        if text.startswith('="'):
            quoted = re.compile(r'="((?:[^"\\]|\\.)*)"(?=[\0- ]|\Z)', re.DOTALL).match(text)
            if not quoted or not _JSON_ESCAPES.fullmatch(quoted[1]):
                return None
            row[name] = ("text", lines.unescape(quoted[1]))
            text = text[quoted.end() :]
        else:
            value = re.split(r"[\0- ]", text[1:], maxsplit=1)[0]
            row[name] = typed(value)
            text = text[1 + len(value) :]
    return row if has_pair else None
