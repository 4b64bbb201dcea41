"""What a live view shows, as lines of text: how a run stands, its open windows, what has fired, the busiest groups.

Looks at no clock and no terminal: it is given what it shows, and how much room there is.
"""

from collections.abc import Mapping
from io import BytesIO

import numpy as np

from streamstat.commands.messages import KEEPERS, span
from streamstat.common.record import record
from streamstat.common.terminal import ELLIPSIS, printable
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger, watermark_text
from streamstat.engine.strategy import Present
from streamstat.output.presentation import Presentation
from streamstat.output.screen.bars import bars
from streamstat.output.screen.points import PointKeeper
from streamstat.output.screen.widths import shortened, width_of
from streamstat.output.sinks.files import Stream
from streamstat.output.sinks.table import TableSink
from streamstat.values.cells import Offsets
from streamstat.values.columns import MINUS_INFINITY, PLUS_INFINITY, Rows, part_of_rows, take_rows

MOST_BUSY = 5
LEAST_FOR_BUSY = 18  # rows of a screen on which there is room for the busiest groups, too
OF_A_TITLE = 2  # rows: the title itself, and the blank one above
KEYS = "q ends"
DAY_S, SECOND_US = 86_400, 1_000_000


@record
class Glance:
    """How a run stands. ledger: of this run; per_second: lines of late; now_us: the present, for what is behind it.

    waiting: how much of what waits for the watermark, by what it is. fired: the last rows, the newest last.
    """

    name: str
    ledger: Ledger
    per_second: float
    watermark: int
    now_us: int
    waiting: Mapping[str, int]
    present: Present | None
    fired: Rows | None
    presentation: Presentation
    offsets: Offsets | None = None
    note: str = ""


def head(one: Glance, width: int) -> list[str]:
    """The lines that change with the clock."""
    ledger = one.ledger
    room = max(width - len(KEYS) - 2, 8)
    first = shortened(printable(one.name), room)
    moving = (
        f"{counted(ledger.lines, 'line')}  {one.per_second:,.0f}/s  {_watermark(one.watermark, one.now_us)}"
    )
    lost = [f"{getattr(ledger, name):,} {name}" for name in KEEPERS if getattr(ledger, name)]
    kept = f"lost: {', '.join(lost)}" if lost else "nothing lost"
    lines = [
        moving,
        f"{counted(ledger.rows, 'row')} fired  {kept}",
        *([printable(one.note)] if one.note else []),
    ]
    titled = first + " " * (width - width_of(first) - len(KEYS)) + KEYS
    return [titled, *(shortened(line, width) for line in lines)]


def body(one: Glance, width: int, height: int) -> list[str]:
    """The parts, each with a title behind a blank line, in so many lines at most."""
    busy = _busy(one, width) if height >= LEAST_FOR_BUSY else []
    left = height - len(busy)
    fired = min(0 if one.fired is None else len(one.fired), max(left // 3 - 2 * OF_A_TITLE, 0))
    open_lines = _open(one, width, left - (fired + 2 * OF_A_TITLE if fired else 0))
    fired_lines = _fired(one, width, left - len(open_lines))
    return [*open_lines, *fired_lines, *busy][: max(height, 0)]


def _watermark(watermark: int, now_us: int) -> str:
    if watermark in (MINUS_INFINITY, PLUS_INFINITY):
        return "no watermark yet" if watermark == MINUS_INFINITY else "watermark inf"
    behind_s, whole = (now_us - watermark) / SECOND_US, watermark // SECOND_US * SECOND_US
    days, rest = divmod(abs(behind_s), DAY_S)
    far = counted(int(days), "day") if days else span(rest)
    return f"watermark {watermark_text(whole)}, {far} {'behind' if behind_s >= 0 else 'ahead of'} now"


def _open(one: Glance, width: int, height: int) -> list[str]:
    """The rows of open windows, those of the newest first, and of each window the greatest."""
    if one.present is None:
        waiting = ", ".join(f"{n:,} {what}" for what, n in one.waiting.items()) or "nothing"
        return ["", f"Open: {waiting}; values come when they fire"]
    rows, more = one.present.rows, "" if one.present.is_all else "more than "
    title = f"Open windows: {more}{counted(len(rows), 'row')}, as they would fire now"
    most = max(height - OF_A_TITLE - OF_A_TITLE, 0)
    shown = take_rows(rows, _in_view(rows, one.presentation)[:most])
    hidden = len(rows) - len(shown)
    if hidden and most:
        shown = part_of_rows(shown, 0, max(most - 1, 0))
        return ["", title, *_table(one, shown, width), f"{ELLIPSIS} {len(rows) - len(shown):,} more"]
    return ["", title, *(_table(one, shown, width) if len(shown) else [])]


def _fired(one: Glance, width: int, height: int) -> list[str]:
    most = height - 2 * OF_A_TITLE
    if one.fired is None or most <= 0:
        return []
    n = len(one.fired)
    shown = part_of_rows(one.fired, max(0, n - most), n)
    return ["", "Fired last", *_table(one, shown, width)]


def _in_view(rows: Rows, presentation: Presentation) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The order in which rows are shown: the newest windows first, and in each the greatest numbers."""
    keeper = PointKeeper(rows.fields, ())
    keeper.add(rows)
    points = keeper.points()
    numbers = points.columns[points.numbers[0]] if points.numbers else np.zeros(len(rows))
    order: np.ndarray[tuple[int], np.dtype[np.int64]] = np.lexsort((-np.nan_to_num(numbers), -points.times))
    return order


def _busy(one: Glance, width: int) -> list[str]:
    """The groups with the greatest sums of all open windows."""
    if one.present is None or not one.presentation.keys or not len(one.present.rows):
        return []
    keeper = PointKeeper(one.present.rows.fields, one.presentation.keys)
    keeper.add(one.present.rows)
    points = keeper.points()
    by = next((name for name in points.numbers if name in one.presentation.sums), None)
    if by is None:
        return []
    sums = np.bincount(points.groups, np.nan_to_num(points.columns[by]), len(points.labels)).tolist()
    greatest = sorted(range(len(sums)), key=lambda group: (-sums[group], points.labels[group]))[:MOST_BUSY]
    labels, values = [points.labels[group] for group in greatest], [sums[group] for group in greatest]
    drawn = bars(labels, values, width, max(map(abs, values)))
    return ["", f"Busiest groups: {printable(by)} in open windows", *drawn]


def _table(one: Glance, rows: Rows, width: int) -> list[str]:
    """Rows as `-f table` has them."""
    file = BytesIO()
    sink = TableSink(Stream(file), one.offsets, width, presentation=one.presentation)
    sink.open(rows.fields)
    sink.write(rows)
    sink.commit({})
    return file.getvalue().decode().splitlines()
