"""How things are spelt in an expression: a field, and the function that reads a number from a text."""

import keyword
import re

_JSON_NUMBER = re.compile(r"\s*-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?\s*")
_DURATION = re.compile(
    r"-?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d|w))+|P(?=.)(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
)
_SIZE = re.compile(r"\d+(?:\.\d+)?\s*(?:[KMGT]i|[kKMGT])B?|\d+(?:\.\d+)?\s*B")


def function_for(text: str) -> str | None:
    """The function that gives the number in a text.

    >>> [function_for(text) for text in ("503", "165.3ms", "10Mi", "n/a")]
    ['number', 'duration', 'size', None]
    """
    forms = (("number", _JSON_NUMBER), ("duration", _DURATION), ("size", _SIZE))
    return next((name for name, form in forms if form.fullmatch(text)), None)


def reading_of(source: str, text: str) -> str:
    """A hint at that function, empty if there is none.

    >>> reading_of("status", "503")
    'number(status) reads it'
    """
    function = function_for(text)
    return f"{function}({source}) reads it" if function else ""


def in_expression(path: str) -> str:
    """A field as an expression has it.

    >>> in_expression("user.id"), in_expression("user.response-time")
    ('user.id', 'field("user.response-time")')
    """
    names = path.split(".")
    plain = all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
    return path if plain else f'field("{path}")'
