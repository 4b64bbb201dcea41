"""What a live view shows, as lines of text: how a run stands, its open windows, what has fired, the busiest groups.

Looks at no clock and no terminal: it is given what it shows, and how much room there is.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from streamstat.commands.last_rows import LastRows
from streamstat.commands.messages import KEEPERS, span
from streamstat.common.record import record
from streamstat.common.terminal import ELLIPSIS, printable
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger, watermark_text
from streamstat.engine.strategy import Present
from streamstat.output.outputs import table_of
from streamstat.output.presentation import Presentation
from streamstat.output.screen.bars import bar_lines
from streamstat.output.screen.points import NUMBERS, PointKeeper
from streamstat.output.screen.widths import shortened, width_of
from streamstat.values.cells import Offsets
from streamstat.values.columns import (
    I64,
    MINUS_INFINITY,
    PLUS_INFINITY,
    ColumnType,
    ResultField,
    Rows,
    Values,
    as_doubles,
    take_rows,
)

MOST_BUSY, WIDEST_BARS = 5, 100  # groups, columns
FEW_BUSY, FEW_FIRED = 3, 2  # on a screen with few lines
LEAST_FOR_BUSY, SHORT_SCREEN = 16, 28  # lines for all parts
AROUND_TABLE = 4  # lines: a blank one, the title, the day and the names of columns
KEYS = "q ends"
DAY_S, _SECOND_US = 86_400, 1_000_000


@record
class Glance:
    """How a run stands. ledger: of this run; per_second: lines of late; now_us: the present, for what is behind it.

    present: the rows of open windows; None where there are no such: then `waiting` tells how much waits for the
    watermark, by what it is.
    """

    name: str
    ledger: Ledger
    per_second: float
    watermark: int
    now_us: int
    present: Present | None
    waiting: Mapping[str, int]
    fired: LastRows
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
    busy = (
        _busy(one, width, MOST_BUSY if height > SHORT_SCREEN else FEW_BUSY)
        if height >= LEAST_FOR_BUSY
        else []
    )
    left = height - len(busy)
    fired = min(len(one.fired), max(left // 3 - AROUND_TABLE, FEW_FIRED)) if left >= 3 * AROUND_TABLE else 0
    shown = _open(one, width, left - (fired + AROUND_TABLE if fired else 0))
    tables = [*shown, *_fired(one, width, left - len(shown))]
    return [*(shortened(line, width) for line in tables[: max(left, 0)]), *busy]


def _watermark(watermark: int, now_us: int) -> str:
    if watermark in (MINUS_INFINITY, PLUS_INFINITY):
        return "no watermark yet" if watermark == MINUS_INFINITY else "watermark inf"
    behind_s, whole = (now_us - watermark) / _SECOND_US, watermark // _SECOND_US * _SECOND_US
    days, rest = divmod(abs(behind_s), DAY_S)
    far = counted(int(days), "day") if days else span(rest)
    return f"{far} {'behind' if behind_s >= 0 else 'ahead of'} now, watermark {watermark_text(whole)}"


def _open(one: Glance, width: int, height: int) -> list[str]:
    """The rows of open windows, those of the newest first, and of each window the greatest."""
    if one.present is None:
        waiting = ", ".join(f"{n:,} {what}" for what, n in one.waiting.items() if n) or "nothing"
        return ["", f"Open: {waiting}; values come when they fire"]
    rows = one.present.rows
    if not len(rows):
        return ["", "No window is open"]
    least = "" if one.present.is_all else "more than "
    title = f"Open windows: {least}{counted(len(rows), 'row')}, as they would fire now"
    most = max(height - AROUND_TABLE, 0)
    n = len(rows) if len(rows) <= most else max(most - 1, 0)
    shown = take_rows(rows, _order(rows, one.presentation.keys)[:n])
    more = [f"{ELLIPSIS} {len(rows) - n:,} more"] if n < len(rows) else []
    return ["", *_titled(title, table_of(shown, width, one.presentation, one.offsets)), *more]


def _fired(one: Glance, width: int, height: int) -> list[str]:
    most = height - AROUND_TABLE
    if not len(one.fired) or most <= 0:
        return []
    return ["", *_titled("Fired last", one.fired.table(most, width, one.presentation, one.offsets))]


def _titled(title: str, table: list[str]) -> list[str]:
    """A table under its title, which also says for what it is too narrow."""
    if table[-1].startswith(ELLIPSIS):
        return [f"{title}; {table[-1].removeprefix(ELLIPSIS).partition(';')[0].strip()}", *table[:-1]]
    return [title, *table]


def _order(rows: Rows, keys: Sequence[str]) -> I64:
    """The places of rows as they are shown: the newest windows first, and in each the greatest first numbers."""
    times = next(
        (values.numbers for one, values in _columns(rows) if one.type == ColumnType.TIME),
        np.zeros(len(rows), np.int64),
    )
    numbers = next(
        (
            as_doubles(values)
            for one, values in _columns(rows)
            if one.type in NUMBERS and one.name not in keys
        ),
        np.zeros(len(rows)),
    )
    order: I64 = np.lexsort((-np.nan_to_num(numbers), -times))
    return order


def _busy(one: Glance, width: int, most: int) -> list[str]:
    """The groups with the greatest sums in all open windows."""
    keys, sums = one.presentation.keys, one.presentation.sums
    if one.present is None or not keys or not len(one.present.rows):
        return []
    by = next((each.name for each in one.present.rows.fields if each.name in sums), None)
    if by is None:
        return []
    wanted = [pair for pair in _columns(one.present.rows) if pair[0].name in (*keys, by)]
    fields, columns = zip(*wanted, strict=True)
    keeper = PointKeeper(fields, keys)
    keeper.add(Rows(fields, columns))
    points = keeper.points()
    totals = np.bincount(points.groups, np.nan_to_num(points.columns[by]), len(points.labels)).tolist()
    ranking = sorted(range(len(totals)), key=lambda group: (-totals[group], points.labels[group]))[:most]
    labels, values = [points.labels[group] for group in ranking], [totals[group] for group in ranking]
    drawn = bar_lines(labels, values, min(width, WIDEST_BARS), max(map(abs, values)))
    return ["", f"Busiest groups: {printable(by)} in open windows", *drawn]


def _columns(rows: Rows) -> Iterator[tuple[ResultField, Values]]:
    return zip(rows.fields, rows.columns, strict=True)
