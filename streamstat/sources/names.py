"""Names that rotation gives: which file was made of which other, and which of two is older."""

import re
from functools import lru_cache

_TAG = r"[._-](?:\d[\dTZ:]*|old|bak|prev|orig|save)"  # no separator inside: each text is read in one way only
_PACKED = r"\.(?:gz|bz2|xz|zst)"
_TAGS = re.compile(rf"(?:{_TAG})+(?=\.|$)")
_ENDING = re.compile(rf"{_PACKED}$")


def derives(name: str, base: str) -> bool:
    """Whether a file of this name may have been made by rotating or compressing one that is called `base`.

    >>> [derives(name, "app.log") for name in ("app.log.1", "app-2026-01-01.log", "app.log.2.gz", "app.log.gz")]
    [True, True, True, True]
    >>> [derives(name, "app.log") for name in ("app.log", "app.logs", "web.app.log", "app.log.txt")]
    [False, False, False, False]
    """
    return _made_of(base).fullmatch(name) is not None


def series(name: str) -> str:
    """The name without what rotation and compression add; files of one log have it in common.

    >>> series("app.log.2.gz"), series("app-20260101.log"), series("app.log")
    ('app.log', 'app.log', 'app.log')
    """
    return _TAGS.sub("", _ENDING.sub("", name))


def is_dated_alike(name: str, other: str) -> bool:
    """Whether two names differ in their date alone.

    >>> is_dated_alike("app-20260102.log", "app-20260101.log"), is_dated_alike("web-1.log", "web-2.log")
    (True, False)
    """
    digits = sum(character.isdigit() for character in other)
    pattern = re.sub(r"[0-9]+", "#", _ENDING.sub("", other))
    return digits >= 6 and name != other and re.sub(r"[0-9]+", "#", _ENDING.sub("", name)) == pattern


def age(name: str) -> tuple[int, ...]:
    """What sorts the names of one log with the oldest first: high numbers are old, early dates are.

    >>> sorted(["a.log.1", "a.log.10", "a.log.2.gz"], key=age), sorted(["a-20260102", "a-20260101"], key=age)
    (['a.log.10', 'a.log.2.gz', 'a.log.1'], ['a-20260101', 'a-20260102'])
    """
    numbers = [
        int(each) for tags in _TAGS.findall(_ENDING.sub("", name)) for each in re.findall("[0-9]+", tags)
    ]
    return tuple(number if number > 1900 else -number for number in numbers)


@lru_cache(1024)
def _made_of(base: str) -> re.Pattern[str]:
    stem, dot, ending = base.rpartition(".")
    forms = [rf"{re.escape(base)}(?:(?:{_TAG})+(?:{_PACKED})?|{_PACKED})"]
    if stem:
        forms.append(rf"{re.escape(stem)}(?:{_TAG})+{re.escape(dot + ending)}(?:{_PACKED})?")
    return re.compile("|".join(forms))
