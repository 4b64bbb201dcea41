"""Lines over time in characters, drawn by plotext: the extra `chart`. Imported only where a chart is wanted."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.output.screen.cells import number_text
from streamstat.output.screen.colours import COLOUR, PLAIN
from streamstat.values.columns import F64, I64

LEAST_WIDTH, LEAST_HEIGHT = 40, 6
ROWS_A_TICK = 4
BETWEEN_TICKS = 4  # columns
POINTS_A_COLUMN = 2  # a dot of braille is half a character wide
_END = re.compile(rf"(?: |{re.escape(PLAIN)})*$")
ROUND_STEPS = (1, 2, 5, 10)


@record
class Line:
    """Points that are joined in their order: time int64[n] in microseconds, value float64[n], nan where there is none.

    mark: the character that they are drawn with, or `braille`. colour: one of the 256 of a terminal; None: as text is.
    """

    times: I64
    values: F64
    mark: str
    colour: int | None = None


def plotext() -> Any:
    """The library; UsageError says how to have it."""
    try:
        import plotext as library
    except ImportError:
        hint = "pip install 'streamstat[chart]'"
        raise UsageError("--format", "chart needs the package plotext", hint) from None
    return library


def plotted(
    lines: Sequence[Line], width: int, height: int, time_texts: Callable[[I64], list[str]]
) -> list[str]:
    """The lines of a plot, so wide and high, with axes; values from 0 on, and times as `time_texts` writes them."""
    library = plotext()
    width, height = max(width, LEAST_WIDTH), max(height, LEAST_HEIGHT)
    library.terminal.limit(False, False)  # nothing is asked of the terminal, which may be a pipe
    figure = library.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, height)
    for axis, side in (("x", "upper"), ("y", "right")):
        figure.axes(False, axis=axis, side=side)
    times = np.unique(np.concatenate([line.times for line in lines]))
    for line in lines:
        _draw(library, line, times, POINTS_A_COLUMN * width)
    heights = _steps(lines, height)
    figure.ruler("y").lim(heights[0], heights[-1])
    figure.ruler("y").ticks(heights, [number_text(each) for each in heights])
    ticks = _time_ticks(times, width, time_texts)
    figure.ruler("x").lim(int(times[0]), int(times[-1]))
    figure.ruler("x").ticks([int(each) for each in ticks], time_texts(ticks))
    text: str = figure.build().string(all(line.colour is None for line in lines))
    return list(map(_tidied, text.splitlines()))


def _tidied(line: str) -> str:
    """Without the spaces at its end, and with colours ended only where there are some."""
    shown = _END.sub("", line).removeprefix(PLAIN).replace(PLAIN + COLOUR, COLOUR)
    return shown + PLAIN if shown.rfind(COLOUR) > shown.rfind(PLAIN) else shown


def _draw(library: Any, line: Line, times: I64, most_columns: int) -> None:
    kept = outline(line, int(times[0]), int(times[-1]), most_columns)
    values = line.values[kept]
    there = ~np.isnan(values)
    shown = np.flatnonzero(there)
    marker = library.marker(line.mark, line.colour)
    signal = library.figure.signal(line.times[kept][shown].tolist(), values[shown].tolist(), marker=marker)
    signal.lines()
    for place in np.flatnonzero(np.diff(shown) > 1).tolist():  # no line leads over what is null
        signal.line(place + 1, False)
    library.figure.draw(signal)


def outline(line: Line, first: int, last: int, columns: int) -> I64:
    """The places of points that look as all of them do: of each column the first, the least, the most and the last."""
    n = len(line.times)
    if n <= 4 * columns:
        return np.arange(n)
    of = ((line.times - first) / max(last - first, 1) * columns).astype(np.int64)
    begins = np.flatnonzero(np.diff(of, prepend=-1))
    order = np.lexsort((line.values, of))  # nan stands behind all others
    ends = np.append(begins[1:], n) - 1
    numbered = np.add.reduceat((~np.isnan(line.values)).astype(np.int64), begins)
    greatest = order[begins + np.maximum(numbered - 1, 0)]
    found: I64 = np.unique(np.concatenate([begins, order[begins], greatest, ends]))
    return found


def _steps(lines: Sequence[Line], height: int) -> list[float]:
    """Round numbers from below all values, and 0, to above them, as many as there is room for."""
    values = np.concatenate([line.values for line in lines])
    lo, hi = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
    step = _round_step((hi - lo) / max(height // ROWS_A_TICK, 1))
    first, last = math.floor(lo / step), math.ceil(hi / step)
    numbers = range(first, max(last, first + 1) + 1)
    return [float(f"{number * step:.12g}") for number in numbers]


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, no smaller than this.

    >>> [_round_step(each) for each in (0.0, 3.0, 47.0, 0.11)]
    [1.0, 5.0, 50.0, 0.2]
    """
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in ROUND_STEPS if step * power >= least * (1 - 1e-9))


def _time_ticks(times: I64, width: int, time_texts: Callable[[I64], list[str]]) -> I64:
    """Some of the times, evenly spaced as far as there are such."""
    widest = max(map(len, time_texts(times[[0, -1]])))
    n = max(2, width // (2 * widest + BETWEEN_TICKS))
    wanted = np.linspace(float(times[0]), float(times[-1]), n)
    places = np.minimum(np.searchsorted(times, wanted), len(times) - 1)
    ticks: I64 = times[np.unique(places)]
    return ticks
