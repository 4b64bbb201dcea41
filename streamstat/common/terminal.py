"""Text from data or file names made safe for one line of stderr; knows nothing of what it is about."""

import os
import re
from pathlib import Path

# What the native `put_visible` spells out too: C0, DEL, C1, separators of lines and all that turns direction.
STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"  # and lone surrogates
)
ELLIPSIS = "…"


def printable(text: str | bytes | Path, limit: int = 200) -> str:
    r"""`text` on one line, control characters spelt out, at most `limit` characters of it.

    Bytes that are no UTF-8 (and those `os.fsdecode` has carried over in a name) appear as \xNN.

    >>> printable("a\nb\x1b[31m")
    'a\\x0ab\\x1b[31m'
    >>> printable(b"\xff\xec\x84\x9c")
    '\\xff서'
    >>> printable("abcdef", limit=4)
    'abc…'
    """
    # Every character takes one place at least, and four bytes at most.
    known = text[: 4 * limit + 4].decode("utf-8", "surrogateescape") if isinstance(text, bytes) else str(text)
    start = known[: limit + 1]
    shown = STEERING.sub(_spelt_out, start)
    if len(shown) <= limit:
        return shown
    return _cut(start, limit - len(ELLIPSIS)) + ELLIPSIS


def _spelt_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _cut(text: str, limit: int) -> str:
    """As many whole characters, each spelt out, as fit: half an escape would read as something else."""
    shown = ""
    for character in text:
        spelt = STEERING.sub(_spelt_out, character)
        if len(shown) + len(spelt) > limit:
            break
        shown += spelt
    return shown


def quoted(path: str | Path) -> str:
    """A path as a shell wants it, for commands that can be pasted.

    >>> quoted("my logs/a.log")
    "'my logs/a.log'"
    """
    import shlex  # only errors need it

    return shlex.quote(printable(path))


def is_dumb() -> bool:
    """Whether the terminal says of itself that it can do nothing but show text."""
    return os.environ.get("TERM") == "dumb"


def has_styles() -> bool:
    """Whether text on the terminal may be bold: it can be, and nobody has asked for none (https://no-color.org)."""
    return not (is_dumb() or os.environ.get("NO_COLOR"))
