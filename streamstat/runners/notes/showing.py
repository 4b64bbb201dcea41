"""Values of events as a note shows them, found again in the record of one event."""

import numpy as np

from streamstat.common.terminal import printable
from streamstat.runners.notes import EventRecord
from streamstat.values.columns import Kind, Need, Values

MOST_SHOWN = 80  # characters of a value


def field_in(event: EventRecord, path: str) -> tuple[Kind, str]:
    """What an event has in a field: its kind, and its text or spelling."""
    events = event.decoded({path: Need.TEXT})
    if not events.rows:
        return Kind.NULL, ""
    return Kind(events.kinds(path)[event.row]), events.texts(path)[event.row].decode("utf-8", "replace")


def value_of(values: Values, row: int) -> tuple[Kind, str]:
    """The same of a computed value."""
    kind = Kind(values.kinds[row])
    if kind == Kind.INTEGER:
        return kind, str(values.numbers[row])
    if kind == Kind.DOUBLE:
        return kind, repr(float(values.numbers[row : row + 1].view(np.float64)[0]))
    text = b"" if values.texts is None else values.texts[row]
    return kind, text.decode("utf-8", "replace")


def shown_value(kind: Kind, text: str) -> str:
    """A value as JSON has it, cut to a part of a line.

    >>> shown_value(Kind.TEXT, "503"), shown_value(Kind.INTEGER, "503"), shown_value(Kind.TRUE, "")
    ('"503"', '503', 'true')
    """
    words = {Kind.NULL: "null", Kind.FALSE: "false", Kind.TRUE: "true"}
    if kind in words:
        return words[kind]
    cut = printable(text, MOST_SHOWN)
    return f'"{cut}"' if kind == Kind.TEXT else cut
