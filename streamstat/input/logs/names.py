"""Names that rotation gives: which file was made of which other, and which of two is older."""

import re
from collections.abc import Iterable

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


def without_date(name: str) -> str | None:
    """The name without its digits and packing, if they can be those of a date.

    >>> without_date("app-20260102.log"), without_date("app-20260101.log.gz"), without_date("web-1.log")
    ('app-#.log', 'app-#.log', None)
    """
    plain = _ENDING.sub("", name)
    return re.sub("[0-9]+", "#", plain) if sum(map(str.isdigit, plain)) >= 6 else None


def is_packed_name(name: str) -> bool:
    """Whether a name ends as compressed files' do."""
    return _ENDING.search(name) is not None


def unpacked_name(name: str) -> str:
    """The name that a compressed file's original had."""
    return _ENDING.sub("", name)


def age(name: str) -> tuple[int, ...]:
    """What sorts the names of one log with the oldest first: high numbers are old, early dates are.

    >>> sorted(["a.log.1", "a.log.10", "a.log.2.gz"], key=age), sorted(["a-20260102", "a-20260101"], key=age)
    (['a.log.10', 'a.log.2.gz', 'a.log.1'], ['a-20260101', 'a-20260102'])
    """
    numbers = [
        int(each) for tags in _TAGS.findall(_ENDING.sub("", name)) for each in re.findall("[0-9]+", tags)
    ]
    return tuple(number if number > 1900 else -number for number in numbers)


def are_counted(names: Iterable[str]) -> bool:
    """Whether all of these rotated files are told apart by numbers that are no dates.

    >>> are_counted(["app.log.1", "app.log.12.gz"]), are_counted(["app.log.1", "app-20260101.log"])
    (True, False)
    """
    ages = [age(name) for name in names]
    return all(each and all(number <= 0 for number in each) for each in ages)


def _has_tags(name: str, base: str) -> bool:
    """Whether a name is another one with tags behind it, or before its last dot."""
    if name.startswith(base):
        return _ONLY_TAGS.fullmatch(name, len(base)) is not None
    stem, dot, ending = base.rpartition(".")
    inside = stem and name.startswith(stem) and name.endswith(dot + ending) and len(name) > len(base)
    return bool(inside) and _ONLY_TAGS.fullmatch(name, len(stem), len(name) - len(dot + ending)) is not None
