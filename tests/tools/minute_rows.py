"""Rows of windows that are minutes, and two events that give one each."""

LINES = b'{"ts": 1, "v": 2}\n{"ts": 61, "v": 3}\n'
HEADER = "window_start,window_end,count\n"
FIRST = "1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1\n"
SECOND = "1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,1\n"


def minute(number: int, count: int = 1) -> str:
    """The row of a minute of 1970."""
    return f"1970-01-01T00:{number:02}:00Z,1970-01-01T00:{number + 1:02}:00Z,{count}\n"
