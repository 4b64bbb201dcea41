"""Paths of fields, such as `user.id` or `tags[0]`: how far one may descend."""

MOST_DOTS = 64  # as the native decoder has it


def has_too_many_dots(path: str) -> bool:
    """Whether no decoder descends so far.

    A step into an array counts as a dot does.

    >>> has_too_many_dots("user.tags[0]"), has_too_many_dots("." * 65), has_too_many_dots("a" + "[0]" * 65)
    (False, True, True)
    """
    return path.count(".") + path.count("[") > MOST_DOTS
