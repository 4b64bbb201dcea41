"""The functions of expressions, value by value, through Python's own arithmetic, texts and patterns."""

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from tools.expression_rows import Cell, Odd
from tools.search_twin import has_words

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LONG = Context(prec=1000, rounding=ROUND_HALF_UP, Emax=10**6, Emin=-(10**6))
_SECONDS = {
    **dict.fromkeys(("ns",), Fraction(1, 10**9)),
    **dict.fromkeys(("us", "usec", "µs", "μs"), Fraction(1, 10**6)),
    **dict.fromkeys(("ms", "msec"), Fraction(1, 1000)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), Fraction(1)),
    **dict.fromkeys(("m", "min", "minute", "minutes"), Fraction(60)),
    **dict.fromkeys(("h", "hour", "hours"), Fraction(3600)),
    **dict.fromkeys(("d", "day", "days"), Fraction(86400)),
    **dict.fromkeys(("w", "week", "weeks"), Fraction(604800)),
}
_BYTES = {"": 1} | {unit: 1000**i for i, unit in enumerate("kMGTP", 1)} | {"K": 1000}
_BYTES |= {f"{unit}i": 1024**i for i, unit in enumerate("KMGTP", 1)}
_PIECE = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+) *([^0-9 .]+) *")
_ISO = re.compile(
    r"P(?=[-+.,0-9T])(?:([-+]?[0-9.,]+)W)?(?:([-+]?[0-9.,]+)D)?"
    r"(?:T(?=[-+.,0-9])(?:([-+]?[0-9.,]+)H)?(?:([-+]?[0-9.,]+)M)?(?:([-+]?[0-9.,]+)S)?)?"
)


def number_cell(value: Fraction | float | int) -> Cell:
    """An integer where it is one in int64, else the nearest double, None beyond."""
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    try:
        double = float(value)
    except OverflowError:
        return None
    return double if math.isfinite(double) else None


def number(value: Cell) -> Cell:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or not (found := _JSON_NUMBER.fullmatch(value.strip(" \t\r\n"))):
        return None
    if found[1] is None and found[2] is None:
        integer = int(found[0])
        return None if number_cell(integer) is None else integer
    return number_cell(float(found[0]))


def duration(value: Cell) -> Cell:
    if not isinstance(value, str):
        return None
    text = value.strip(" \t\r\n")
    sign = -1 if text[:1] == "-" else 1
    bare = text[1:] if text[:1] in ("-", "+") and text else text
    if bare[:1] in ("P", "p"):
        return _iso(bare.upper(), sign)
    if text == "0":
        return 0.0
    total, end = Fraction(0), 0
    while piece := _PIECE.match(bare, end):
        if piece[2] not in _SECONDS:
            return None
        total += _decimal(piece[1]) * _SECONDS[piece[2]]
        end = piece.end()
    return float(sign * total) + 0.0 if end and end == len(bare) else None


def _iso(text: str, sign: int) -> Cell:
    found = _ISO.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    total = Fraction(0)
    for group, seconds in zip(found.groups(), (604800, 86400, 3600, 60, 1), strict=True):
        if group is not None:
            if not re.fullmatch(r"[-+]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)", group):
                return None
            total += _decimal(group.replace(",", ".")) * seconds
    return float(sign * total) + 0.0


def _decimal(text: str) -> Fraction:
    return Fraction(Decimal(text))


def size(value: Cell) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or not (found := _JSON_NUMBER.match(value.strip(" \t\r\n"))):
        return None
    unit = value.strip(" \t\r\n")[found.end() :].lstrip(" \t\r\n").removesuffix("B")
    if unit not in _BYTES:
        return None
    mantissa, _, exponent = found[0].lower().partition("e")
    if not mantissa.strip("-0."):
        return 0
    if abs(int(exponent or 0)) > 1000:  # too long to multiply out
        return None if int(exponent) > 0 else 0.0
    total = Fraction(Decimal(found[0])) * _BYTES[unit]
    whole = number_cell(int(total)) if total.denominator == 1 else None
    return whole if isinstance(whole, int) else _plain_zero(number_cell(total))


def _plain_zero(value: Cell) -> Cell:
    """Of a number too small to be told from 0 the sign is not kept."""
    return 0.0 if value == 0 else value


def rounded(value: Cell, places: int = 0) -> Cell:
    value = _plain(value)
    if isinstance(value, int):
        return value if places >= 0 else number_cell(int(_round(Decimal(value), places)))
    if isinstance(value, float):
        return number_cell(float(_round(Decimal(repr(value)), places)) + 0.0)
    return None


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal((0, (1,), -places)), context=_LONG)


def _plain(value: Cell) -> Cell:
    """Numbers as arithmetic sees them."""
    if isinstance(value, bool):
        return int(value)
    return number_cell(value) if isinstance(value, int) else value


def absolute(value: Cell) -> Cell:
    value = _plain(value)
    return number_cell(abs(value)) if isinstance(value, int | float) else None


def whole(function: Callable[[float], int]) -> Callable[[Cell], Cell]:
    def of(value: Cell) -> Cell:
        value = _plain(value)
        return (
            float(function(value)) if isinstance(value, float) else value if isinstance(value, int) else None
        )

    return of


def spelt(value: Cell) -> Cell:
    if value is None or isinstance(value, str):
        return value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else _spelling(value)


def _spelling(value: Cell) -> str:
    return value.spelling if isinstance(value, Odd) else repr(value)


def on_texts(function: Callable[..., Cell]) -> Callable[..., Cell]:
    def of(value: Cell, *settings: int | str) -> Cell:
        return function(value, *settings) if isinstance(value, str) else None

    return of


def _extracted(text: str, pattern: str) -> Cell:
    found = re.search(pattern, text)
    return None if found is None else (found[1] or "") if found.re.groups else found[0]


def _piece(text: str, separator: str, place: int) -> Cell:
    pieces = text.split(separator)
    return pieces[place] if -len(pieces) <= place < len(pieces) else None


FUNCTIONS: dict[str, Callable[..., Cell]] = {
    "number": number,
    "duration": duration,
    "size": size,
    "round": rounded,
    "abs": absolute,
    "floor": whole(math.floor),
    "ceil": whole(math.ceil),
    "text": spelt,
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "len": on_texts(len),
    "lower": on_texts(str.lower),
    "upper": on_texts(str.upper),
    "contains": on_texts(lambda text, sought: sought in text),
    "startswith": on_texts(str.startswith),
    "endswith": on_texts(str.endswith),
    "matches": on_texts(lambda text, pattern: re.search(pattern, text) is not None),
    "words": on_texts(has_words),
    "substring": on_texts(lambda text, begin, end=None: text[begin:end]),
    "extract": on_texts(_extracted),
    "replace": on_texts(lambda text, pattern, by: re.sub(pattern, by, text)),
    "split": on_texts(_piece),
}
