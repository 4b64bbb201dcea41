"""The day that all times of a table share: said once above it, so that the columns have the time of day alone."""

import re
from collections.abc import Iterable, Sequence

from streamstat.common.record import record

TIME = re.compile(r"([^T]*)T([0-9:.]*)(.*)")


@record
class Day:
    """A date, and how far its times are ahead of UTC; no offset where that is not the same all day."""

    date: str
    offset: str

    def __str__(self) -> str:
        return f"{self.date} {'UTC' if self.offset == 'Z' else self.offset}".rstrip()

    def has(self, text: str) -> bool:
        """Whether a time, or null, can stand under this day."""
        return not text or (text.startswith(f"{self.date}T") and text.endswith(self.offset))

    def within(self, text: str) -> str:
        """The time of day.

        >>> Day("2026-01-01", "Z").within("2026-01-01T09:30:00Z")
        '09:30:00'
        """
        return text[len(self.date) + 1 : len(text) - len(self.offset)]

    def all_within(self, texts: Sequence[str]) -> list[str]:
        """The times of day of a column, of which many are alike; nothing of null."""
        within = {text: self.within(text) if text else "" for text in set(texts)}
        return [within[text] for text in texts]


def shared_day(columns: Iterable[Sequence[str]]) -> Day | None:
    """The day of all these times; None if they have several, or there are none.

    >>> str(shared_day([["2026-01-01T09:30:00+09:00", ""]]))
    '2026-01-01 +09:00'
    """
    found = {match.group(1, 3) for texts in columns for text in set(texts) if (match := TIME.fullmatch(text))}
    dates, offsets = {date for date, _ in found}, {offset for _, offset in found}
    if len(dates) != 1:
        return None
    return Day(dates.pop(), offsets.pop() if len(offsets) == 1 else "")
