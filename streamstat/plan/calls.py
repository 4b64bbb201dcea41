"""Splits `[NAME=]CALL [if EXPR]`, `F,G(x) [if EXPR]` and `FIELD,NAME=EXPR` into texts; knows no aggregate, reads no
expression.

Failures are ValueErrors of one line that end in something that works; who called knows the place to name.
"""

import re
from collections.abc import Iterator

from streamstat.common.record import record
from streamstat.common.units import shown

_NAME = re.compile(r"\s*([^\s=()\[\]{}'\",!<>+*/]+)\s*=(?!=)")
_FUNCTION = re.compile(r"\s*([A-Za-z][\w.]*)\s*\(")
_FUNCTIONS = re.compile(r"\s*([A-Za-z][\w.]*(?:\s*,\s*[A-Za-z][\w.]*)+)\s*(?=\()")
_OPTION = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)")
_CONDITION = re.compile(r"\s+if(?=[\s(]|$)")
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_EXAMPLE = "for example p99(latency_ms) or errors=count() if status >= 500"


@record
class Call:
    """One aggregate as asked for; all pieces are texts still to be read.

    text: the call with its condition, without `NAME=`, from which `default_name` makes a column name.
    """

    text: str
    name: str | None
    function: str
    arguments: tuple[str, ...]
    options: dict[str, str]
    condition: str | None

    @property
    def column(self) -> str:
        """The name of its column: the one given, else the default."""
        return self.name or default_name(self.text)


def parse_call(text: str) -> Call:
    """Split an aggregate into its pieces.

    >>> call = parse_call('big=top(x, 10, scale=1) if y in ("a, b", ")")')
    >>> call.name, call.function, call.arguments, call.options, call.condition
    ('big', 'top', ('x', '10'), {'scale': '1'}, 'y in ("a, b", ")")')
    """
    name, body = _split_name(text)
    opening = _FUNCTION.match(body)
    if opening is None:
        raise ValueError(f"{shown(text)} is no call; for example p99(latency_ms)")
    end, *_ = (i for i, inside in _scan(body) if i >= opening.end() and not inside)
    arguments, options = _split_arguments(body[opening.end() : end], text)
    rest = body[end + 1 :]
    return Call(body, name, opening[1], arguments, options, _split_condition(rest, text))


def parse_calls(text: str) -> tuple[Call, ...]:
    """The calls of one text: several where names of functions share their arguments and condition.

    >>> [call.text for call in parse_calls("p50, p99(x) if y")]
    ['p50(x) if y', 'p99(x) if y']
    """
    name, body = _split_name(text)
    shared = _FUNCTIONS.match(body)
    if shared is None:
        return (parse_call(text),)
    functions, rest = [each.strip() for each in shared[1].split(",")], body[shared.end() :]
    if name is not None:
        problem = f"{shown(text)}: one name for {len(functions)} columns"
        raise ValueError(f"{problem}; leave it out, for example p50,p99(latency_ms)")
    return tuple(parse_call(function + rest) for function in functions)


def parse_group(text: str) -> tuple[str | None, str]:
    """The name given, if any, and the field or expression of one group: `FIELD` or `[NAME=]EXPR`.

    >>> parse_group("country"), parse_group("slow=latency_ms > 500")
    ((None, 'country'), ('slow', 'latency_ms > 500'))
    """
    name, expression = _split_name(text)
    for _ in _scan(expression):  # refuses what is not closed
        pass
    return name, expression


def split_commas(text: str) -> tuple[str, ...]:
    """The stripped pieces between commas outside of quotes and parentheses; none of them empty.

    >>> split_commas('a, NAME=contains(b, "x,y")')
    ('a', 'NAME=contains(b, "x,y")')
    """
    commas = [i for i, inside in _scan(text) if text[i] == "," and not inside]
    starts, ends = [0, *(i + 1 for i in commas)], [*commas, len(text)]
    pieces = tuple(text[lo:hi].strip() for lo, hi in zip(starts, ends, strict=True))
    if not all(pieces):
        raise ValueError(f"{shown(text)} has an empty piece; for example a, b")
    return pieces


def default_name(text: str) -> str:
    """A column name for a call: its letters and digits, every run of others as one `_`.

    >>> default_name("count() if status >= 500"), default_name("p99.9(latency_ms)")
    ('count_if_status_500', 'p99_9_latency_ms')
    """
    return "_".join("".join(c if c.isalnum() else " " for c in text).split())


def _split_name(text: str) -> tuple[str | None, str]:
    found = _NAME.match(text)
    body = (text[found.end() :] if found else text).strip()
    if not body:
        problem = f"nothing follows {found[1]}=" if found else "there is nothing here"
        raise ValueError(f"{problem}; for example {found[1] if found else 'name'}=count()")
    return (found[1] if found else None), body


def _split_arguments(text: str, call: str) -> tuple[tuple[str, ...], dict[str, str]]:
    arguments: list[str] = []
    options: dict[str, str] = {}
    for piece in split_commas(text) if text.strip() else ():
        option = _OPTION.match(piece)
        if option is None and options:
            raise ValueError(f"{shown(call)}: {shown(piece)} follows an option; as in distinct(x, p=12)")
        if option is None:
            arguments.append(piece)
            continue
        value = piece[option.end() :].strip()
        if not value:
            raise ValueError(f"{shown(call)}: nothing follows {option[1]}=; for example distinct(x, p=12)")
        if option[1] in options:
            raise ValueError(f"{shown(call)}: {option[1]}= is given twice; for example distinct(x, p=12)")
        options[option[1]] = value
    return tuple(arguments), options


def _split_condition(rest: str, call: str) -> str | None:
    if not rest.strip():
        return None
    found = _CONDITION.match(rest)
    if rest.lstrip().startswith(","):
        problem = f"{shown(call)}: a call with arguments of its own is an --agg of its own"
        raise ValueError(f"{problem}; for example --agg 'count()' --agg 'p99(latency_ms)'")
    if found is None:
        raise ValueError(f"{shown(call)}: {shown(rest.strip())} cannot follow a call; {_EXAMPLE}")
    condition = rest[found.end() :].strip()
    if not condition:
        raise ValueError(f"{shown(call)}: nothing follows if; {_EXAMPLE}")
    return condition


def _scan(text: str) -> Iterator[tuple[int, bool]]:
    """Each character's place, and whether it is inside quotes or parentheses; a closer counts as outside."""
    closers: list[str] = []
    quote, escaped = "", False
    for i, character in enumerate(text):
        if quote:
            yield i, True
            closed = character == quote and not escaped
            escaped = character == "\\" and not escaped
            quote = "" if closed else quote
            continue
        if character in ")]}" and (not closers or closers.pop() != character):
            raise ValueError(f"{shown(text)}: {character} closes nothing; {_EXAMPLE}")
        yield i, bool(closers)
        if character in _CLOSERS:
            closers.append(_CLOSERS[character])
        elif character in "'\"":
            quote = character
    if quote or closers:
        raise ValueError(f"{shown(text)}: {quote or closers[-1]} is missing at the end; {_EXAMPLE}")
