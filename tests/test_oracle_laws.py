"""Laws the reference implementation must keep on any stream, and its parts against other people's code."""

import json
import math
import random
import statistics
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Options, run
from oracle.groups import Groups
from oracle.lines import BadLine, read_object, split_lines
from oracle.numbers import of_numbers, percentile, root
from oracle.times import number_time, text_time
from oracle.windows import Grid, parse_window
from tools.strategies import WINDOWS, StreamCase, cases, cut, cuts

EVERY_WINDOW = tuple(WINDOWS)
Row: TypeAlias = dict[str, object]
many = settings(max_examples=200, deadline=None, print_blob=True)
streams = settings(max_examples=150, deadline=None, print_blob=True)


@streams
@given(cases(windows=EVERY_WINDOW))
def test_run_keeps_its_books(case: StreamCase) -> None:
    result = run(case.inputs, case.options)
    assert result.ledger["lines"] == sum(len(lines) for lines in case.inputs)
    assert len(result.late) == result.ledger["late"] and len(result.bad) == result.ledger["bad"]
    assert [split_lines(data) for data in case.data] == case.inputs
    ends = [(row["window_end"], row["window_start"]) for row in result.report]
    assert ends == sorted(ends)
    assert last_of_each(result.changelog, case) == [
        cells_of(row) for row in sorted_report(result.report, case)
    ]


def last_of_each(changelog: list[Row], case: StreamCase) -> list[list[str]]:
    """What a reader holds in the end who replaces a row by its correction and drops what is taken back."""
    held: dict[str, Row] = {}
    for row in changelog:
        if row.get("kind") == "retraction":
            taken = held.pop(key_of(row, case))
            assert cells_of(taken)[:-1] == cells_of(row)[:-1]
        else:
            held[key_of(row, case)] = row
    rows = [{name: cell for name, cell in row.items() if name != "kind"} for row in held.values()]
    return [cells_of(row) for row in sorted_report(rows, case)]


def key_of(row: Row, case: StreamCase) -> str:
    """Window and group of a row, as text."""
    return repr([row[name] for name in ("window_start", "window_end", *group_names(case))])


def group_names(case: StreamCase) -> list[str]:
    return Groups(case.options.by, int(case.options.max_groups or 0) or None).names


def cells_of(row: Row) -> list[str]:
    return [repr(item) for item in row.items()]


def sorted_report(rows: list[Row], case: StreamCase) -> list[Row]:
    return sorted(rows, key=lambda row: key_of(row, case))


@streams
@given(
    cases(
        windows=EVERY_WINDOW,
        aggregates=["count()", "sum(v)", "var(v)", "p50(v)", "distinct(u)", "values(v, 3)"],
    ),
    st.randoms(),
)
def test_order_of_events_does_not_matter_without_a_delay(case: StreamCase, rng: random.Random) -> None:
    # The offset of a device is the least so far, and so depends on the order, too.
    given: dict[str, object] = {"delay": None, "punctuation": None, "max_groups": None, "offset_by": None}
    given |= {"unique": [], "unique_for": None}  # of equal ones the first counts
    if case.options.max_groups is not None:  # what is asked of rows may name the column of overflow
        given |= {"share": [], "column": [], "having": None, "order": []}
    options = Options(**(vars(case.options) | given))
    lines = [line for one in case.inputs for line in one if not line.startswith(b"\xef\xbb\xbf")]
    shuffled = rng.sample(lines, len(lines))
    assert run(lines, options).changelog == run(shuffled, options).changelog


@many
@given(st.lists(st.integers(-30, 60), max_size=12), st.integers(1, 12))
def test_sessions_are_islands_between_gaps(times: list[int], gap: int) -> None:
    islands: list[list[int]] = []
    for time in sorted(times):
        if islands and time - islands[-1][-1] <= gap:
            islands[-1].append(time)
        else:
            islands.append([time])
    expected = [(i[0] * 1_000_000, (i[-1] + gap) * 1_000_000, len(i)) for i in islands]
    assert counted(times, f"session:{gap}s") == sorted(expected, key=lambda row: row[1])


@many
@given(st.lists(st.integers(-30, 60), max_size=12), st.integers(1, 12))
def test_sliding_rows_hold_both_ends(times: list[int], size: int) -> None:
    expected = [
        ((t - size) * 1_000_000, t * 1_000_000, sum(t - size <= other <= t for other in times))
        for t in sorted(set(times))
    ]
    assert counted(times, f"sliding:{size}s") == expected


def counted(times: list[int], window: str) -> list[tuple[object, ...]]:
    lines = [f'{{"ts": {time}}}'.encode() for time in times]
    return [tuple(row.values()) for row in run(lines, Options(window=window, time="ts")).changelog]


@many
@given(st.sampled_from([w for kind in ("tumbling", "hopping") for w in WINDOWS[kind]]), st.data())
def test_windows_hold_their_events_and_follow_each_other(spec: str, data: st.DataObject) -> None:
    zones = [
        "UTC",
        "Europe/Berlin",
        "America/Santiago",
        "Africa/Cairo",
        "Australia/Lord_Howe",
        "America/Havana",
    ]
    zone, time = data.draw(st.sampled_from(zones)), data.draw(st.integers(-(10**15), 2 * 10**15))
    grid = parse_window(spec, zone, None).grid
    assert grid is not None
    found = grid.windows(time)
    assert found == [
        k for k in range(grid.last_start(time) - 40, grid.last_start(time) + 40) if holds(grid, k, time)
    ]
    if spec.startswith("tumbling"):
        assert len(found) == 1 and grid.end(found[0]) == grid.start(found[0] + 1)


def holds(grid: Grid, k: int, time: int) -> bool:
    return grid.start(k) <= time < grid.end(k)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=600, deadline=None, print_blob=True)
@given(st.dictionaries(st.text(max_size=3), JSON, max_size=3), st.booleans(), st.data())
def test_reader_agrees_with_the_standard_library(
    value: object, ascii_only: bool, data: st.DataObject
) -> None:
    line = bytearray(json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(line) - 1))
        with_bytes = data.draw(
            st.sampled_from([b"", b'"', b"\\", b"{", b"]", b",", b"0", b"e", b".", b"\x1f", b"\xc3"])
        )
        line[at : at + data.draw(st.integers(0, 1))] = with_bytes
    assert accepted(bytes(line)) == accepted_by_library(bytes(line))


def accepted(line: bytes) -> bool:
    try:
        read_object(line)
    except BadLine:
        return False
    return True


def accepted_by_library(line: bytes) -> bool:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return isinstance(json.loads(line.decode("utf-8"), parse_constant=refuse), dict)
    except ValueError:
        return False


doubles = st.floats(-1e12, 1e12).map(lambda value: value if abs(value) > 1e-30 else 0.0)
numbers = st.one_of(st.integers(-5000, 5000), st.integers(-(2**63), 2**63 - 1), doubles)


@many
@given(st.lists(numbers, min_size=1, max_size=20), st.integers(0, 1000))
def test_percentile_is_just_above_the_true_value(values: list[int | float], thousandths: int) -> None:
    exact = [Fraction(value) for value in values]
    q = Fraction(thousandths, 1000)
    true = sorted(exact)[max(1, math.ceil(q * len(values))) - 1]
    printed = percentile(exact, q)
    assert printed is not None and float(true) <= printed <= float(max(exact))
    assert printed - true <= abs(true) / 1000
    if all(value.denominator == 1 for value in exact) and abs(true) < 2048:
        assert printed == true


@many
@given(st.lists(st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e9, 1e9)), min_size=2, max_size=20))
def test_figures_agree_with_the_standard_library(values: list[int | float]) -> None:
    exact = [Fraction(value) for value in values]
    one = Fraction(1)
    assert of_numbers("var", (), values, one) == float(statistics.variance(exact))
    assert of_numbers("mean", (), values, one) == float(statistics.mean(exact))
    assert float(of_numbers("sum", (), values, one)) == math.fsum(values)  # type: ignore[arg-type]
    with localcontext() as context:
        context.prec = 60
        square = statistics.variance(exact)
        assert root(square) == float((Decimal(square.numerator) / Decimal(square.denominator)).sqrt())


@many
@given(st.lists(numbers, max_size=20))
def test_histogram_counts_every_value_under_its_bound(values: list[int | float]) -> None:
    rows = of_numbers("histogram", (), values, Fraction(1))
    assert isinstance(rows, list) and sum(count for _, count in rows) == len(values)
    below = -math.inf
    for bound, count in rows:
        assert bound is not None and abs(math.frexp(bound)[0]) == 0.5 and count > 0
        assert count == sum(below <= value < bound for value in values)
        below = bound


@many
@given(st.decimals("-99999999999", "99999999999", allow_nan=False, places=9))
def test_number_times_are_cut_downwards(number: Decimal) -> None:
    text = f"{number:f}"
    assert number_time(text, "auto") == math.floor(Fraction(number) * 1_000_000)
    assert number_time(f"{number.scaleb(-9):E}".replace("E", "e"), "s") == math.floor(Fraction(number) / 1000)


@many
@given(
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)), st.sampled_from(["Z", "+09:00", "-0530", "+01"])
)
def test_text_times_agree_with_the_standard_library(moment: datetime, zone: str) -> None:
    text = moment.isoformat() + zone
    seconds = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    assert (
        text_time(text, "UTC") == (seconds.days * 86_400 + seconds.seconds) * 1_000_000 + seconds.microseconds
    )


@many
@given(st.binary(max_size=60), st.data())
def test_cuts_lose_nothing(data: bytes, draw: st.DataObject) -> None:
    assert b"".join(cut(data, draw.draw(cuts(len(data))))) == data
