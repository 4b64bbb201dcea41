"""Names that rotation gives: which file was made of which other, and which of two is older."""

import re

_TAG = r"[._-](?:\d[\dTZ:]*|old|bak|prev|orig|save)"  # no separator inside: each text is read in one way only
_PACKED = r"\.(?:gz|bz2|xz|zst)"
_TAGS = re.compile(rf"(?:{_TAG})+(?=\.|$)")
_ONLY_TAGS = re.compile(rf"(?:{_TAG})+")
_ENDING = re.compile(rf"{_PACKED}$")


def derives(name: str, base: str) -> bool:
    """Whether a file of this name may have been made by rotating or compressing one that is called `base`.

    >>> [derives(name, "app.log") for name in ("app.log.1", "app-2026-01-01.log", "app.log.2.gz", "app.log.gz")]
    [True, True, True, True]
    >>> [derives(name, "app.log") for name in ("app.log", "app.logs", "web.app.log", "app.log.txt")]
    [False, False, False, False]
    """
    plain = _ENDING.sub("", name)
    return (plain == base and name != base) or _has_tags(plain, base) or _has_tags(name, base)


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


def _has_tags(name: str, base: str) -> bool:
    """Whether a name is another one with tags behind it, or before its last dot."""
    if name.startswith(base):
        return _ONLY_TAGS.fullmatch(name, len(base)) is not None
    stem, dot, ending = base.rpartition(".")
    inside = stem and name.startswith(stem) and name.endswith(dot + ending) and len(name) > len(base)
    return bool(inside) and _ONLY_TAGS.fullmatch(name, len(stem), len(name) - len(dot + ending)) is not None
