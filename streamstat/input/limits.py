"""Limits that an option can move."""

MAX_EXPANSION = 500  # bytes for each compressed one: logs reach 10 to 50; deflate ends at about 1,030
