"""How things are spelt in an expression: a field, and the function that reads a number from a text."""

import keyword
from collections.abc import Collection

from streamstat.expressions import unspaced_quotients
from streamstat.values.columns import Kind


def function_for(text: str) -> str | None:
    """The function that gives the number in a text.

    >>> [function_for(text) for text in ("503", "165.3ms", "10Mi", "n/a")]
    ['number', 'duration', 'size', None]
    """
    from streamstat.expressions import readings, texts  # only who needs one pays for it

    value = texts.text_of(text)
    functions = (("number", readings.numbers), ("duration", readings.durations), ("size", readings.sizes))
    return next((name for name, read in functions if read(value).kinds[0] != Kind.NULL), None)


def reading_of(source: str, text: str) -> str:
    """A hint at that function, empty if there is none.

    >>> reading_of("status", "503")
    'number(status) reads it'
    """
    function = function_for(text)
    return f"{function}({source}) reads it" if function else ""


def meant_quotient(expression: str, absent: Collection[str]) -> str:
    """A hint at the field whose name has a slash, where one of these that stands around it is not there.

    >>> meant_quotient("a/b + 1", ["b"]), meant_quotient("a / b", ["b"])
    ('is field("a/b") meant? a/b is a division', '')
    """
    for names in unspaced_quotients(expression):
        if any(name in absent for name in names):
            return f'is field("{"/".join(names)}") meant? a/b is a division'
    return ""


def in_expression(path: str) -> str:
    """A field as an expression has it.

    >>> in_expression("user.id"), in_expression("user.response-time")
    ('user.id', 'field("user.response-time")')
    """
    names = path.split(".")
    plain = all(name.isidentifier() and not keyword.iskeyword(name) for name in names)
    return path if plain else f'field("{path}")'
