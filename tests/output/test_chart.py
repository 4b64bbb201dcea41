"""Charts in characters: what is kept of rows however they come, what is drawn of many points, and who may not draw."""

import doctest
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.minute_rows import LINES

from streamstat.commands.configured import settings
from streamstat.commands.run import Command
from streamstat.commands.verbs import VERBS
from streamstat.common.errors import UsageError
from streamstat.output.screen import bars, colours, lines, points
from streamstat.output.screen.lines import Line, plotted
from streamstat.output.screen.points import PointKeeper, Points
from streamstat.values.columns import (
    ColumnType,
    Kind,
    ResultField,
    Rows,
    Texts,
    Values,
    doubles,
    integers,
    part_of_rows,
)

FIELDS = (
    ResultField("window_start", ColumnType.TIME),
    ResultField("k", ColumnType.ANY),
    ResultField("x", ColumnType.DOUBLE),
)
MOST = 7


def rows_of(groups: list[str], numbers: list[float]) -> Rows:
    """A row for each group, a second apart."""
    data = "".join(groups).encode()
    offsets = np.cumsum([0, *map(len, groups)])
    keys = Values(
        np.full(len(groups), Kind.TEXT, np.uint8),
        np.zeros(len(groups), np.int64),
        Texts(offsets, np.frombuffer(data, np.uint8)),
    )
    return Rows(FIELDS, (integers(np.arange(len(groups)) * 1_000_000), keys, doubles(np.array(numbers))))


def as_dicts(found: Points) -> list[tuple[int, str, float]]:
    names = [found.labels[group] for group in found.groups.tolist()]
    return list(zip(found.times.tolist(), names, found.columns["x"].tolist(), strict=True))


@given(groups=st.lists(st.sampled_from("abcd"), max_size=40), cuts=st.lists(st.integers(0, 40)))
def test_the_last_rows_are_kept_however_they_come(groups: list[str], cuts: list[int]) -> None:
    numbers = [float(i) for i in range(len(groups))]
    rows = rows_of(groups, numbers)
    keeper = PointKeeper(FIELDS, ("k",), MOST)
    for lo, hi in pairwise([0, *sorted(min(cut, len(groups)) for cut in cuts), len(groups)]):
        keeper.add(part_of_rows(rows, lo, hi))
    found = keeper.points()
    expected = [(i * 1_000_000, group, float(i)) for i, group in enumerate(groups)][-MOST:]
    assert as_dicts(found) == expected
    assert found.left_out == max(0, len(groups) - MOST)
    assert set(found.labels) == {group for _, group, _ in expected}


@given(values=st.lists(st.tuples(st.sampled_from("abcde"), st.integers(-9, 9)), min_size=1, max_size=30))
def test_groups_behind_the_first_two_become_one(values: list[tuple[str, int]]) -> None:
    rows = rows_of([group for group, _ in values], [float(value) for _, value in values])
    keeper = PointKeeper(FIELDS, ("k",))
    keeper.add(rows)
    totals: dict[str, int] = {}
    for group, value in values:
        totals[group] = totals.get(group, 0) + value
    order = sorted(totals, key=lambda group: (-abs(totals[group]), group))
    ranked = keeper.points().ranked("x", 2, {"x"})
    rest = f"{len(order) - 2:,} others, summed"
    assert ranked.labels == (*order[:2], *([rest] if len(order) > 2 else []))
    assert ranked.others == max(0, len(order) - 2)
    expected = [
        (i * 1_000_000, group if group in order[:2] else rest, float(value))
        for i, (group, value) in enumerate(values)
    ]
    assert sorted(as_dicts(ranked)) == sorted(expected)
    unsummed = keeper.points().ranked("x", 2, ())
    assert np.isnan(unsummed.columns["x"][unsummed.groups == 2]).all()


def as_text(times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[str]:
    return [str(time) for time in times.tolist()]


@given(numbers=st.lists(st.integers(-50, 50) | st.none(), min_size=41, max_size=200))
def test_of_very_many_points_the_least_and_the_most_of_each_column_are_drawn(
    numbers: list[int | None],
) -> None:
    values = np.array([np.nan if number is None else number for number in numbers], np.float64)
    columns, n = 10, len(values)
    kept = lines.outline(Line(np.arange(n), values, "o"), 0, n - 1, columns)
    assert len(kept) <= 4 * (columns + 1) and kept[0] == 0 and kept[-1] == n - 1
    of = [place * columns // (n - 1) for place in range(n)]
    for column in range(columns + 1):
        there = [values[place] for place in range(n) if of[place] == column and numbers[place] is not None]
        shown = [values[place] for place in kept.tolist() if of[place] == column]
        assert not there or (np.nanmin(shown), np.nanmax(shown)) == (min(there), max(there))


def test_few_points_are_all_drawn() -> None:
    assert lines.outline(Line(np.arange(40), np.zeros(40), "o"), 0, 39, 10).tolist() == list(range(40))


@pytest.mark.parametrize(
    "values", [[0.0] * 4, [1e-20, 2e-20, 3e-20, 3e-20], [-5.0, 1e12, 3.0, np.nan], [7.0] * 4]
)
def test_any_numbers_have_an_axis_with_two_different_ends(values: list[float]) -> None:
    drawn = plotted([Line(np.arange(4), np.array(values), "o")], 60, 16, as_text)
    ticks = [float(line.split("┤")[0]) for line in drawn if "┤" in line]
    assert ticks == sorted(ticks, reverse=True) and len(set(ticks)) == len(ticks) >= 2
    assert ticks[0] >= np.nanmax(values) and ticks[-1] <= np.nanmin(values)


def test_without_its_package_the_run_ends_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    chosen = settings(VERBS["run"], {"stdout_format": "chart", "inputs": ["none.ndjson"]}, None)
    with pytest.raises(UsageError) as error:
        Command(chosen, print, None)
    assert str(error.value) == "--format: chart needs the package plotext; pip install 'streamstat[chart]'"


def test_no_other_format_imports_its_package() -> None:
    code = "import sys; from streamstat.cli import main\nimport atexit\n"
    code += "atexit.register(lambda: print('plotext' in sys.modules, 'rich' in sys.modules))\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", "-f", "table"], input=LINES, capture_output=True, check=True
    )
    assert done.stdout.splitlines()[-1] == b"False False"


@pytest.mark.parametrize("module", [bars, colours, lines, points])
def test_examples_of_charts_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
