"""Lines in which a pattern is found, whose named groups are the fields. RE2 is had through pyarrow."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from streamstat.common.record import record
from streamstat.input.formats import FormatOptions
from streamstat.input.plain_lines import PlainLines
from streamstat.kernels import Decoded, GroupDecoder, TimeReader
from streamstat.values.columns import I64, U8, Need

_LINES_AT_ONCE = 1 << 16
# What may hold a parenthesis that begins no group, a group with a name, and one without.
_GROUP_OR_LITERAL = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?P?<(\w+)>|\((?!\?)", re.DOTALL
)
_EXAMPLE_PATTERN = r"for example --input 're:^(?P<time>\S+) (?P<message>.*)'"


@record
class Re(PlainLines):
    """The format of lines in which an RE2 pattern is found."""

    pattern: str

    noun: ClassVar[str] = "a line in which the pattern is found"
    hint: ClassVar[str] = f"a pattern may match anywhere in a line, {_EXAMPLE_PATTERN}"

    @classmethod
    def asked(cls, text: str, options: FormatOptions) -> "Re":
        """The text is the pattern; ValueError if RE2 cannot read it or none of its groups has a name."""
        options.refuse("re:PATTERN")
        _check(text)
        return cls(text)

    @classmethod
    def fitting(cls, lines: Sequence[bytes]) -> "Re | None":
        """Never: no line tells a pattern."""
        return None

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Re":
        """See `Format.from_record`."""
        pattern = record["pattern"]
        if not isinstance(pattern, str):
            raise ValueError("a pattern is a text")
        _check(pattern)
        return cls(pattern)

    def as_record(self) -> dict[str, Any]:
        """Its pattern."""
        return {"pattern": self.pattern}

    def native(self, fields: list[tuple[str, int]], times: TimeReader) -> "PatternDecoder":
        """What decodes fields by the names of groups."""
        return PatternDecoder(self.pattern, fields, times)


class PatternDecoder:
    """Decodes blocks where the interpreter is: a search over all lines of a block, then native columns of it.

    It stands for a native decoder. A search keeps the places of a group only if the group is wanted.
    """

    __slots__ = ("_groups", "_native", "_pattern", "_wanted")

    def __init__(self, pattern: str, fields: list[tuple[str, int]], times: TimeReader) -> None:
        self._groups = _names(pattern)
        wanted = {name for name, _ in fields}
        is_written = any(need & Need.WRITTEN for _, need in fields)
        self._wanted = [name for name in self._groups if is_written or name in wanted]
        self._pattern = _capturing(pattern, self._wanted)
        self._native = GroupDecoder(self._wanted, fields, times)

    def decode(self, block: U8, begin: int) -> Decoded:
        """See `BlockDecoder.decode`."""
        matched, spans = self._search(*self._native.lines(block, begin))
        return self._native.decode(block, begin, matched, spans)

    def names(self, block: U8, begin: int) -> list[bytes]:
        """All groups, if there is a line in which the pattern is found."""
        matched, _ = self._search(*self._native.lines(block, begin))
        return [name.encode() for name in self._groups] if matched.any() else []

    def names_inside(self, block: U8, begin: int, row: int) -> list[bytes]:
        """See `BlockDecoder.names_inside`."""
        matched, spans = self._search(*self._native.lines(block, begin))
        return self._native.names_inside(block, begin, matched, spans, row)

    def _search(self, offsets: I64, data: U8) -> tuple[U8, list[I64]]:
        """Whether each line matches; for each wanted group where its text begins in the line, and its length."""
        parts = [
            _found(offsets[lo : lo + _LINES_AT_ONCE + 1], data, self._pattern, self._wanted)
            for lo in range(0, len(offsets) - 1, _LINES_AT_ONCE)
        ]
        matched = np.concatenate([np.zeros(0, np.uint8), *(found for found, _ in parts)])
        places = [
            np.concatenate([np.zeros(0, np.int64), *(spans[group] for _, spans in parts)])
            for group in range(len(self._wanted))
        ]
        return matched, places


def _found(offsets: I64, data: U8, pattern: str, groups: Sequence[str]) -> tuple[U8, list[I64]]:
    """What a search finds in these lines; a group that took no part has negative places."""
    import pyarrow as pa
    import pyarrow.compute as pc

    buffers = [None, pa.py_buffer(np.ascontiguousarray(offsets)), pa.py_buffer(data)]
    lines = pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)
    if not groups:
        matched = pc.match_substring_regex(lines, pattern)
        return matched.to_numpy(zero_copy_only=False).astype(np.uint8), []
    found = pc.extract_regex_span(lines, pattern)
    matched = found.is_valid().to_numpy(zero_copy_only=False).astype(np.uint8)
    return matched, [pc.fill_null(found.field(name).values, -1).to_numpy() for name in groups]


def _check(pattern: str) -> None:
    """ValueError for a pattern that RE2 cannot read, or that tells no fields."""
    names = _names(pattern)
    if not names:
        raise ValueError(f"re:{pattern}: no group has a name, so there are no fields; {_EXAMPLE_PATTERN}")
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"re:{pattern}: two groups have the name {name}; give each its own")


def _names(pattern: str) -> list[str]:
    """The names of the groups, in order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = _GROUP_OR_LITERAL.findall(pattern)
    try:
        found = pc.extract_regex(pa.array([""], pa.large_string()), _capturing(pattern, names)).type
    except UnicodeEncodeError:
        raise ValueError(f"re:{pattern!r}: a pattern is written in UTF-8") from None
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0].removeprefix("Invalid regular expression: ")
        raise ValueError(f"re:{pattern}: RE2 cannot read it: {reason}; {_EXAMPLE_PATTERN}") from None
    return [field.name for field in found]


def _capturing(pattern: str, groups: Sequence[str]) -> str:
    """The pattern in which these groups alone capture; others are slower to search for and would not be told apart.

    >>> _capturing(r"(a|b)[(](?P<x>.)(?P<y>.)\\(", ["y"])
    '(?:a|b)[(](?:.)(?P<y>.)\\\\('
    """

    def kept(token: "re.Match[str]") -> str:
        text, name = token[0], token[1]
        return "(?:" if text == "(" or (name and name not in groups) else text

    return _GROUP_OR_LITERAL.sub(kept, pattern)
