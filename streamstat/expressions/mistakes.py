"""What to say of an expression that cannot be read: where it goes wrong, and something that works instead.

Knows how people write conditions in other languages, and no tree.
"""

import keyword
import re
from collections.abc import Iterable

from streamstat.common.units import shown

EXAMPLE_HINT = 'for example status >= 500 and path.startswith("/api")'
_LOGIC = ("and", "or", "not", "in", "is", "if", "else")
_CHOICE = 'a choice is, for example, "slow" if latency_ms > 100 else "fast"'

_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_ONE_WORD = r"[^\s\d\"'()\[\]{},<>=!+*%&|;\0][^\s\"'()\[\]{},<>=!+*%&|;\0]*"
_HEADING = r"[^\W\d][\w.-]*(?: \(?[^\W\d][\w.-]*\)?)+"
_WITH_UNIT = r"[0-9.]+([^\W\d]\w*)"
_DURATION_UNITS = ("ns", "us", "ms", "s", "sec", "m", "min", "h", "d", "w")
_SIZE_UNITS = ("b", "k", "kb", "kib", "ki", "mb", "mib", "mi", "g", "gb", "gib", "gi", "t", "tb", "tib", "ti")

# What stands in expressions of other languages, and how it is written here; the first that is found counts.
_ELSEWHERE = (
    (r"=>|=<", "at least is >=, at most is <="),
    (r"[≥≤≠]", ">=, <= and != are written with two characters"),
    (
        r"[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]",
        'a text stands in straight quotes, for example country == "KR"',
    ),
    (r"=~|!~|~", 'a pattern is, for example, matches(path, "^/api")'),
    (r"===|(?<![=!<>])=(?!=)", 'equality is ==, for example country == "KR"'),
    (r"&&|\|\||!(?!=)|<>", "logic is and, or, not, and inequality is !="),
    (r"\?", _CHOICE),
    (r"\b(?:AND|OR|NOT|IS|IN|NULL|IF|ELSE)\b", "and, or, not, in, is None are written in small letters"),
    (r"(?i)\blike\b", 'a part of a text is, for example, contains(path, "/api")'),
    (r"(?i)\bbetween\b", "a range is, for example, 400 <= status < 500"),
    (r"(?i)\bcase\b|\bwhen\b|\bthen\b", _CHOICE),
    (r"\w\.[0-9]", "an element of an array is, for example, tags[0]"),
    (r"\w:", 'equality is ==, for example country == "KR"'),
)
# Functions that are here under another name.
_RENAMED = {
    **dict.fromkeys(("int", "float", "to_number", "tonumber", "cast", "num"), "number(status)"),
    **dict.fromkeys(("str", "string", "to_string", "tostring"), "text(status)"),
    **dict.fromkeys(("length", "strlen"), "len(path)"),
    **dict.fromkeys(("substr", "slice", "left", "mid"), "substring(path, 0, 4)"),
    **dict.fromkeys(("ifnull", "nvl", "default", "if_null"), "coalesce(a, 0)"),
    **dict.fromkeys(("tolower", "lowercase", "lcase"), "lower(path)"),
    **dict.fromkeys(("toupper", "uppercase", "ucase"), "upper(path)"),
    **dict.fromkeys(("regex", "match", "regexp", "regexp_matches"), 'matches(path, "^/api")'),
    **dict.fromkeys(("regexp_extract", "capture"), 'extract(path, "^/([a-z]+)")'),
    **dict.fromkeys(("regexp_replace", "sub", "gsub"), 'replace(path, "[0-9]+", "N")'),
    **dict.fromkeys(("iif", "ifelse", "if_else"), '"slow" if latency_ms > 100 else "fast"'),
    **dict.fromkeys(("includes", "like", "icontains"), 'contains(path, "/api")'),
    **dict.fromkeys(("isnull", "is_null", "isnone", "exists", "has"), "user is not None"),
    **dict.fromkeys(("day", "day_of_week", "dayofweek"), "weekday(event_time)"),
    **dict.fromkeys(("trunc", "truncate"), "floor(x)"),
    "ceiling": "ceil(x)",
    "mod": "x % 10",
}
_AGGREGATE = r"(?:count|sum|mean|avg|average|min|max|median|distinct|first|last|top|rate|p[0-9]+)"


def syntax_problem(error: SyntaxError, text: str) -> tuple[str, str]:
    """Where a text goes wrong that Python cannot read, and a hint.

    >>> syntax_problem(SyntaxError("invalid syntax", ("", 1, 8, "status = 500")), "status = 500")
    ('cannot be read from here on: = 500', 'equality is ==, for example country == "KR"')
    """
    rest = _rest(error, text)
    if "literal" in error.msg and rest[:1].isdigit():
        rest = _number_at(text, rest)
    if "unterminated" in error.msg:
        return f"has a text that does not end: {shown(rest)}", 'a text stands between two quotes, as in "KR"'
    if "never closed" in error.msg:
        closer = {"(": ")", "[": "]", "{": "}"}[rest[0]]
        return f"has a {rest[0]} that is never closed: {shown(rest)}", f"add {closer}"
    if "unmatched" in error.msg or "closing parenthesis" in error.msg:
        return f"has a {rest[:1]} that closes nothing: {shown(rest)}", "leave it out, or add what opens it"
    if "Exceeds the limit" in error.msg:
        return "has a number beyond double", "for example 1e308"
    if "expected 'else'" in error.msg:
        return "has if without else", _CHOICE
    if not rest:
        last = text.split()[-1] if text.split() else ""
        return (f"ends after {shown(last)}" if last else "is empty"), syntax_hint(text, rest)
    return f"cannot be read from here on: {shown(rest)}", syntax_hint(text, rest)


def syntax_hint(text: str, rest: str) -> str:
    """Something that works, for a text that goes wrong where `rest` begins."""
    if re.fullmatch(_ONE_WORD, text):
        return EXAMPLE_HINT if text in _LOGIC else field_hint(text)
    if (found := re.match(_WITH_UNIT, _number_at(text, rest))) and (hint := _unit_hint(found)):
        return hint
    plain = re.sub(_QUOTED, '""', text[:1000])  # patterns below are quadratic in a long word
    for pattern, hint in _ELSEWHERE:
        if re.search(pattern, plain):
            return hint
    if (word := re.match(r"\w+", rest)) and keyword.iskeyword(word[0]) and word[0] not in _LOGIC:
        return field_hint((re.search(r"[\w.]*$", text[: len(text) - len(rest)][-200:]) or word)[0] + word[0])
    if name := re.search(r"[A-Za-z_]\w*(?:-\w+)+|[@$]\w+", plain):
        return field_hint(name[0])
    is_name = is_heading(text) and not any(word in _LOGIC for word in text.split())
    return field_hint(text) if is_name else EXAMPLE_HINT


def is_heading(text: str) -> bool:
    """Whether a text is words with spaces between, as the heading of a column is.

    >>> [is_heading(text) for text in ("Event Time (UTC)", "a and b", "mean(x)", "x > 1")]
    [True, True, False, False]
    """
    return re.fullmatch(_HEADING, text) is not None


def sign_in_word(text: str) -> str | None:
    """What stands from a # in a word on, which Python would leave out in silence; a remark stands behind a space.

    >>> sign_in_word('a == "#" # a remark'), sign_in_word("ts#1")
    (None, '#1')
    """
    for found in re.finditer(rf"{_QUOTED}|(\s#.*)|(#)", text):
        if found[2] and found.start():
            return text[found.start() :]
    return None


def field_hint(name: str) -> str:
    """How to write a field that is no Python name."""
    known = name if len(name) <= 60 and name.isprintable() else "response-time"
    return f'such a field is field("{known}")'


def function_hint(name: str, known: Iterable[str]) -> str:
    """The function that was meant, or all there are."""
    if name in _RENAMED:
        return f"for example {_RENAMED[name]}"
    if re.fullmatch(_AGGREGATE, name):
        return "an aggregate is a column of its own, for example --agg 'p99(latency_ms)'"
    import difflib

    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]}?" if close else "`streamstat help expressions` has them all"


def _rest(error: SyntaxError, text: str) -> str:
    """What stands where reading stopped; nothing at the end."""
    lines = text.splitlines(keepends=True)
    before = sum(map(len, lines[: (error.lineno or 1) - 1]))
    return text[before + error.offset - 1 :].strip() if error.offset else ""


def _number_at(text: str, rest: str) -> str:
    """The word around the place where a number was left."""
    before = text[: len(text) - len(rest)]
    return (re.search(r"[\w.]*$", before[-60:]) or [""])[0] + rest


def _unit_hint(number: re.Match[str]) -> str:
    unit = number[1].lower()
    if unit in _DURATION_UNITS:
        return "durations are seconds, for example duration(took) > 0.5"
    if unit in _SIZE_UNITS:
        return "sizes are bytes, for example size(body) > 1000"
    return field_hint(number[0])
