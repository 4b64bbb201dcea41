"""Sections of short lines for people: sentences are wrapped, tables have their columns under each other."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

COLUMNS, INDENT = 80, "  "


def section(title: str, *parts: Iterable[str]) -> Iterator[str]:
    """A heading, and what stands below it; nothing where there is nothing to say."""
    lines = [line for part in parts for line in part]
    if lines:
        yield from ("", title, *lines)


def sentences(texts: Iterable[str]) -> Iterator[str]:
    """Each in lines of its own."""
    for text in texts:
        yield from _wrapped(text, INDENT, INDENT * 2)


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Cells under each other; the last of a row is wrapped, below the others where these leave it no room."""
    widths = [
        max((len(row[i]) for row in rows), default=0) for i in range(max(map(len, rows), default=1) - 1)
    ]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        before = INDENT + "".join(f"{cell}{INDENT}" for cell in cells)
        below = " " * len(before)
        if len(before) > COLUMNS // 2 and len(before) + len(row[-1]) > COLUMNS:
            yield before.rstrip()
            before = below = INDENT * 3
        shown = _wrapped(row[-1], before, below) or [before]
        yield from (line.rstrip() for line in shown)


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """Lines of a text; a long word is never cut."""
    how = {"break_long_words": False, "break_on_hyphens": False}
    return textwrap.wrap(text, COLUMNS, initial_indent=first, subsequent_indent=others, **how)  # type: ignore[arg-type]


def enumerated(words: Sequence[str], last: str = "and") -> str:
    """Words as a sentence has them.

    >>> enumerated(["a", "b", "c"]), enumerated(["a"])
    ('a, b and c', 'a')
    """
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
