"""Bars in characters: a label, a bar as long as its number, and the number."""

from collections.abc import Sequence

from streamstat.output.screen.cells import number_text
from streamstat.output.screen.colours import PLAIN
from streamstat.output.screen.layout import GAP
from streamstat.output.screen.widths import shortened, width_of

EIGHTHS = " ▏▎▍▌▋▊▉█"
BELOW_ZERO = "░"
WIDEST_LABEL = 32
LEAST_BAR = 8  # columns


def bar_lines(
    labels: Sequence[str], values: Sequence[float], width: int, most: float, paint: Sequence[str] = ()
) -> list[str]:
    """A line for each label, in so many columns; `most` is the size that the longest bar stands for.

    paint: of each line what begins its colour (none: no colours). What is below zero is drawn in another pattern.

    >>> bar_lines(["orders", "mail"], [20.0, 5.0], 24, 20.0)
    ['orders  ████████████  20', 'mail    ███  5']
    """
    texts = [number_text(value) for value in values]
    of_texts = max(map(len, texts), default=0)
    room = max(width - of_texts - LEAST_BAR - 2 * len(GAP), LEAST_BAR)
    shown = [shortened(label, min(room, WIDEST_LABEL)) for label in labels]
    of_labels = max(map(width_of, shown), default=0)
    longest = max(width - of_labels - of_texts - GAP_BETWEEN, LEAST_BAR)
    lines = []
    for place, (label, value, text) in enumerate(zip(shown, values, texts, strict=True)):
        drawn = bar(value, most, longest)
        begin, end = (paint[place], PLAIN) if paint and drawn else ("", "")
        padded = label + " " * (of_labels - width_of(label))
        lines.append(GAP.join(each for each in (padded, f"{begin}{drawn}{end}", text) if each))
    return lines


GAP_BETWEEN = 2 * len(GAP)


def bar(value: float, most: float, longest: int) -> str:
    """A bar of so many columns for `most`, in eighths of a column; the smallest that is not nothing is one of these.

    >>> bar(5.0, 8.0, 1), bar(0.0, 8.0, 1), bar(-8.0, 8.0, 2)
    ('▋', '', '░░')
    """
    if not most or not value:
        return ""
    eighths = max(1, round(8 * longest * abs(value) / most))
    if value < 0:
        return BELOW_ZERO * max(1, eighths // 8)
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[8] * whole + (EIGHTHS[rest] if rest else "")
