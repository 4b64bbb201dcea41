"""Records that are lines: where the last whole one ends."""

_SEARCH_BYTES = 1 << 16


class LineRecords:
    """Finds newlines in the bytes of an input as they come.

    >>> lines = LineRecords()
    >>> lines.end(memoryview(b"a\\nb")), lines.end(memoryview(b"a\\nbc\\nd"))
    (2, 5)
    """

    __slots__ = ("_scanned",)

    def __init__(self) -> None:
        self._scanned = 0  # bytes that are known to hold no newline

    def end(self, content: memoryview) -> int:
        """See `Records.end`."""
        end = _end_of_lines(content, self._scanned, len(content))
        if not end:
            self._scanned = len(content)
        return end

    def forced_end(self, content: memoryview) -> int:
        """A line has no end but its newline."""
        return 0

    def taken(self, size: int) -> None:
        """See `Records.taken`."""
        self._scanned = 0


def _end_of_lines(view: memoryview, lo: int, hi: int) -> int:
    """The place behind the last newline in [lo, hi), or 0.

    >>> _end_of_lines(memoryview(b"a\\nb\\nc"), 0, 5)
    4
    """
    step = 1 << 10  # most last lines are short
    while hi > lo:
        start = max(lo, hi - step)
        if (found := bytes(view[start:hi]).rfind(b"\n")) >= 0:
            return start + found + 1
        hi, step = start, _SEARCH_BYTES
    return 0
