"""Paths of fields, such as `user.id`: how far one may descend."""

MOST_DOTS = 64  # as the native decoder has it


def has_too_many_dots(path: str) -> bool:
    """Whether no decoder descends so far.

    >>> has_too_many_dots("user.id"), has_too_many_dots("." * 65)
    (False, True)
    """
    return path.count(".") > MOST_DOTS
