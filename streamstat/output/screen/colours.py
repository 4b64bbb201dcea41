"""What a terminal is told to make text bold or coloured; whether it may be is for those who know the terminal."""

BOLD, PLAIN, COLOUR = "\x1b[1m", "\x1b[0m", "\x1b[38;5;"


def bold(text: str) -> str:
    """The text in bold."""
    return f"{BOLD}{text}{PLAIN}"


def paint(colour: int | None) -> str:
    """What begins a colour, one of the 256 of a terminal; None: no colour.

    >>> paint(6)
    '\\x1b[38;5;6m'
    """
    return "" if colour is None else f"{COLOUR}{colour}m"
