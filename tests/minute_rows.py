"""Two events, and the row that each of them gives where windows are minutes."""

LINES = b'{"ts": 1, "v": 2}\n{"ts": 61, "v": 3}\n'
HEADER = "window_start,window_end,count\n"
FIRST = "1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1\n"
SECOND = "1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,1\n"
