"""Which format an input has: the one that was asked for, or the one that its first bytes tell.

The answer depends on the bytes alone, not on how many of them have come: it is given as soon as no more bytes could
change it.
"""

import re
from collections.abc import Sequence

from streamstat.common.registry import load, names, nearest
from streamstat.input import formats
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats import Choose, Format, FormatOptions
from streamstat.input.formats.ndjson import Ndjson

AUTO = "auto"
ORDER = ("combined", "cri", "syslog", "w3c", "logfmt", "tsv", "csv")  # where more than one would fit
TABLES = ("csv",)  # the first record alone does not tell
_LINES = 20
_SPACE = b" \t\r"
_MORE_BEHIND = re.compile(rb"\}[ \t\r]*[^ \t\r,}\]]")  # may be an object with something behind it


def as_ndjson(_: memoryview, __: bool) -> Format:
    """The format of every input where none is asked for and none looked for."""
    return Ndjson()


def asked(text: str, options: FormatOptions) -> Format | None:
    """The format that `--input` names, None for `auto`; ValueError with a hint for what is none.

    >>> asked("ndjson", FormatOptions()), asked("auto", FormatOptions())
    (Ndjson(), None)
    """
    name, _, rest = text.partition(":")
    if name == "re":
        return _load("re").asked(rest, options)
    if "$" in text:
        return _load("log_format").asked(text, options)
    if text == AUTO:
        return None if options == FormatOptions() else _load("csv").asked("", options)
    known = tuple(each for each in names(formats) if each != "log_format")
    if name not in known or rest:
        hint = nearest(text, (AUTO, *known))
        if not hint.startswith("did you mean"):
            hint += ", re:PATTERN, or a log_format of nginx"
        raise ValueError(f"there is no format {text!r}; {hint}")
    return _load(name).asked("", options)


def _load(name: str) -> type[Format]:
    return load(formats, name)


def choice(format: Format | None, *, growing: bool) -> Choose:
    """What chooses the format of each input: this one; None: the one its records tell.

    growing: they go on being written, so that the first record decides, and of a table the first two.
    """
    if format is not None:
        return lambda _, __: format
    return first_tells if growing else first_ones_tell


def first_ones_tell(head: memoryview, complete: bool) -> Format | None:
    """A `Choose` that looks at the first records.

    >>> first_ones_tell(memoryview(b'{"ts":1}'), True)
    Ndjson()
    """
    return _told(bytes(head), complete, _LINES)


def first_tells(head: memoryview, complete: bool) -> Format | None:
    """A `Choose` that looks at the first record alone, but for a table."""
    return _told(bytes(head), complete, 1)


def fitting(head: bytes) -> list[str]:
    """The formats of lines that the first records fit, whichever of them is taken; none of JSON.

    >>> fitting(b"a=1 b=2 c=3\\n")
    ['logfmt']
    """
    content = head.lstrip(b"\0 \t\r\n")
    lines = _first_lines(content, True, 2)
    if content[:1] in (b"{", b"[", b"") or not _is_text(lines[0]):
        return []
    return [name for name in ORDER if _load(name).fitting(lines if name in TABLES else lines[:1]) is not None]


def _told(head: bytes, complete: bool, most: int) -> Format | None:
    content = head.lstrip(b"\0 \t\r\n")
    if not content:
        return Ndjson() if complete else None
    if content[:1] == b"[":
        behind = content[1:].lstrip(b" \t\r\n")
        if not behind and not complete:
            return None
        if behind[:1] in (b"{", b"]"):
            return _load("json").asked("", FormatOptions())
    if content[:1] == b"{":
        return _object(content, complete)
    lines = _first_lines(content, complete, _LINES)
    if len(lines) < most and not complete:
        return None
    return _of_lines(lines, complete, most)


def _object(content: bytes, complete: bool) -> Format | None:
    """What begins with a brace."""
    line, newline, _ = content.partition(b"\n")
    if not newline and not complete:
        return None
    line = line.strip(_SPACE)
    if line == b"{" or (_MORE_BEHIND.search(line) and _has_more(line)):
        return _load("json").asked("", FormatOptions())
    return Ndjson()


def _has_more(line: bytes) -> bool:
    """Whether a line is an object with more than white space behind it."""
    from json import JSONDecoder

    text = line.decode("utf-8", "replace")
    try:
        value, end = JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and end < len(text)


def _first_lines(content: bytes, complete: bool, most: int) -> list[bytes]:
    """The first lines that are not blank, `most` at most, without their ends."""
    lines: list[bytes] = []
    begin = 0
    while len(lines) < most and begin < len(content):
        end = content.find(b"\n", begin)
        if end < 0 and not complete:
            break
        line = content[begin : end if end >= 0 else len(content)].removesuffix(b"\r")
        if line.strip(_SPACE):
            lines.append(line)
        begin = end + 1 if end >= 0 else len(content)
    return lines


def _of_lines(lines: Sequence[bytes], complete: bool, most: int) -> Format | None:
    """The format of lines of which the first is no JSON; None if one line more must be seen."""
    if any(_is_object(line) for line in lines[:most]):
        return Ndjson()
    for name in ORDER if _is_text(lines[0]) else ():
        kind = _load(name)
        if name not in TABLES and (format := kind.fitting(lines[:most])) is not None:
            return format
        if name in TABLES:
            if len(lines) < 2 and not complete and _may_begin_table(lines[0]):
                return None
            if (table := kind.fitting(lines[: max(most, 2)])) is not None:
                return table
    return Ndjson()


def _may_begin_table(line: bytes) -> bool:
    return max(line.count(b","), line.count(b";")) >= 2 or b'"' in line


def _is_text(line: bytes) -> bool:
    """Whether it may be a line of a log: of a program or a picture it is none, though it may have tabs."""
    return not any(byte < 32 and byte not in b"\t\x1b" for byte in line)


def _is_object(line: bytes) -> bool:
    return line.lstrip(_SPACE)[:1] == b"{" and decode_bytes(decoder_of(Ndjson(), {}), line).rows == 1
