"""Which texts name a field, where an option takes a field or an expression.

A field has only letters, digits, `_ . - / @ : $` and steps into arrays, so that most names can be typed as they are.
In an expression `-` and `/` compute.
"""

import re

from streamstat.common.errors import UsageError
from streamstat.common.units import shown
from streamstat.values.paths import MOST_DOTS

_FIELD = re.compile(r"[\w.\-/@:$](?:[\w.\-/@:$]|\[-?[0-9]+\])*")


def is_field(text: str) -> bool:
    """Whether a text names a field by itself; any other is an expression.

    >>> [is_field(text) for text in ("app.kubernetes.io/name", "tags[-1]", "a / b", "user name")]
    [True, True, False, False]
    """
    return _FIELD.fullmatch(text) is not None and text.count("[") <= MOST_DOTS


def listed_fields(text: str, place: str) -> tuple[str, ...]:
    """The fields between commas, for an option that takes nothing else; place names the option for UsageError.

    >>> listed_fields("id, user name", "--unique")
    ('id', 'user name')
    """
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise UsageError(place, f"{shown(text)} has an empty field", f"for example {place} id")
    return names


def one_field(text: str, place: str) -> str:
    """The field that an option names which takes one and nothing else."""
    names = listed_fields(text, place)
    if len(names) > 1:
        problem = f"takes one field, and {shown(text)} names {len(names)}"
        raise UsageError(place, problem, f"for example {place} {names[0]}")
    return names[0]
