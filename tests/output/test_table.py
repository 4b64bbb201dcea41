"""Tables, by their lines: what stands where, what is cut, and when a heading comes again."""

import doctest
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis.strategies import floats, integers, lists, sampled_from, text
from tools.result_rows import Cell, values
from tools.sink_runs import MINUTE, START, Memory, batch, written

from streamstat.output.presentation import Presentation
from streamstat.output.screen import cells, days, layout, widths
from streamstat.output.screen.parts import InParts
from streamstat.output.sinks.table import TableSink
from streamstat.values.columns import ColumnType, ResultField, Rows, Values, part

KEYED, LIVE = Presentation(("city",)), Presentation(("city",), live=True)
CITY = ResultField("city", ColumnType.ANY)


def look(*batches: Rows, room: int | None = None, presentation: Presentation = KEYED) -> list[str]:
    memory = Memory()
    written(TableSink(memory, None, room, False, presentation), *batches, fields=batches[0].fields)
    return memory.data.decode().splitlines()


def pair(left: list[Cell], right: list[Cell], kind: ColumnType = ColumnType.INTEGER) -> Rows:
    return Rows((CITY, ResultField("count", kind)), (values(*left), values(*right)))


def counting(n: int) -> Rows:
    """The rows 0, 1, 2, ..."""
    fields = (ResultField("n", ColumnType.INTEGER),)
    return Rows(fields, (Values(np.full(n, 3, np.uint8), np.arange(n)),))


def test_texts_stand_left_and_numbers_right() -> None:
    assert look(pair(["Rome", "x"], [5, 123456])) == [
        "city   count",
        "Rome       5",
        "x     123456",
    ]


def test_wide_and_combining_characters_are_measured() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert look(pair(["서울시", "Zu\u0308rich", family, "x"], [1, 2, 3, 4])) == [
        "city    count",
        "서울시      1",
        "Zu\u0308rich      2",
        f"{family}          3",
        "x           4",
    ]


def test_characters_that_terminals_show_in_ways_of_their_own_are_measured() -> None:
    """Full width; a syllable in three parts; a hyphen that is shown."""
    assert look(pair(["\uff21", "\u1112\u1161\u11ab", "a\xadb"], [1, 2, 3])) == [
        "city  count",
        "\uff21        1",
        "\u1112\u1161\u11ab        2",
        "a\xadb       3",
    ]


def test_empty_text_is_told_from_null() -> None:
    assert look(pair(["", None], [1, None])) == ["city  count", '""        1', ""]


def test_numbers_have_their_points_under_each_other() -> None:
    numbers: list[Cell] = [20.635802469135804, -123456.789, 3.0, 0.000123456789, 1.5e-9, 7, None, 1e300]
    rows = pair(["a"] * len(numbers), numbers, ColumnType.ANY)
    assert look(rows) == [
        "city             count",
        "a          20.636",
        "a     -123457",
        "a           3",
        "a           0.00012346",
        "a           1.5e-09",
        "a           7",
        "a",
        "a           1e+300",
    ]


@given(floats(allow_nan=False, allow_infinity=False, min_value=-1e20, max_value=1e20))
@example(96.0625)
@example(99999.5)
@example(9999.95)
@example(1.000005e-07)
@example(0.00009999951)
def test_numbers_are_rounded_as_their_texts_are(number: float) -> None:
    exact = Decimal(repr(number))
    unit = Decimal(1).scaleb(min(0, exact.adjusted() - 4)) if exact else Decimal(1)
    assert Decimal(cells.number_text(number)) == exact.quantize(unit, ROUND_HALF_UP)


def test_keys_are_as_written_and_other_values_are_not() -> None:
    spelt: list[Cell] = [(1.5, "1.50000000000001"), (100.0, "1e2")]
    assert look(pair(spelt, spelt, ColumnType.ANY)) == [
        "            city  count",
        "1.50000000000001    1.5",
        "1e2               100",
    ]


def test_integers_stay_whole_at_any_size() -> None:
    spelt: list[Cell] = [(12345678901234567891.0, "12345678901234567891"), 9007199254740993]
    assert look(pair(["a", "b"], spelt, ColumnType.ANY)) == [
        "city                 count",
        "a     12345678901234567891",
        "b         9007199254740993",
    ]


def test_whole_number_of_very_many_digits_is_rounded_as_others_are() -> None:
    assert look(pair(["a"], [(1e40, "1" + "0" * 40)], ColumnType.ANY)) == ["city  count", "a     1e+40"]


def test_number_of_very_many_digits_is_cut_as_a_text_is() -> None:
    assert look(pair([(0.1, "0.1" + "0" * 500)], [1]), room=30)[1] == "0.1" + "0" * 19 + "…      1"


def test_truths_are_words() -> None:
    assert look(pair(["a", "b"], [True, None], ColumnType.ANY)) == ["city  count", "a     true", "b"]


def test_lists_read_as_counts() -> None:
    fields = (ResultField("top", ColumnType.TOP), ResultField("sizes", ColumnType.HISTOGRAM))
    tops, sizes = (
        [b'[["a",12,0],["",7,1],[3,1,0],["\\u001b[1m",1,0]]', b"[]"],
        [b"[[1,4],[0.5,2],[null,1]]", None],
    )
    assert look(Rows(fields, (values(*tops), values(*sizes)))) == [
        "top                         sizes",
        'a 12, "" 7, 3 1, \\x1b[1m 1  <1 4, <0.5 2, more 1',
        "",
    ]


def windows(*minutes: int, one_size: bool = True) -> list[str]:
    fields = (ResultField("window_start", ColumnType.TIME), ResultField("window_end", ColumnType.TIME))
    starts = [START + minute * MINUTE for minute in minutes]
    rows = Rows(fields, (values(*starts), values(*(start + MINUTE for start in starts))))
    return look(rows, presentation=Presentation(one_size=one_size))


def test_a_day_that_all_rows_share_is_said_once() -> None:
    assert windows(0, 1) == ["2026-01-01 UTC", "window_start", "00:00:00", "00:01:00"]
    assert windows(0, 1440) == ["window_start", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]


def test_ends_of_windows_of_many_sizes_are_shown() -> None:
    assert windows(0, one_size=False) == [
        "2026-01-01 UTC",
        "window_start  window_end",
        "00:00:00      00:01:00",
    ]
    assert windows(1439, one_size=False)[1] == "2026-01-01T23:59:00Z  2026-01-02T00:00:00Z"


def test_another_offset_does_not_stand_under_the_day() -> None:
    """Ten thousand rows are laid out at once, and the clock changes behind them."""
    times, memory = START + np.arange(10_001), Memory()
    rows = Rows(
        (ResultField("window_start", ColumnType.TIME),), (Values(np.full(10_001, 3, np.uint8), times),)
    )
    sink = TableSink(memory, lambda times: np.where(times < START + 10_000, 7200, 3600))
    written(sink, rows, fields=rows.fields)
    lines = memory.data.decode().splitlines()
    assert lines[:3] == ["2026-01-01 +02:00", "window_start", "02:00:00"]
    assert lines[-2:] == ["window_start", "2026-01-01T01:00:00.01+01:00"]


def test_times_stand_whole_where_rows_come_as_they_fire() -> None:
    assert look(batch("a"), presentation=LIVE)[1].startswith("2026-01-01T00:00:00Z  a ")


def test_texts_are_cut_to_the_room_but_no_numbers_and_times() -> None:
    lines = look(pair(["a" * 100, "서" * 100, "b"], [1, 2, 12345678901]), room=40)
    assert lines == [
        "city                               count",
        "a" * 26 + "…            1",
        "서" * 13 + "…            2",
        "b" + " " * 28 + "12345678901",
    ]


def test_lists_give_way_before_keys_and_columns_before_short_keys() -> None:
    fields = (CITY, ResultField("top", ColumnType.TOP), ResultField("first", ColumnType.INTEGER))
    rows = Rows(fields, (values("c" * 30), values(b'[["value",12,0],["other",7,0]]'), values(7)))
    assert look(rows, room=60)[1] == "c" * 30 + "  value 12, other 7      7"
    assert look(rows, room=55)[1] == "c" * 30 + "  value 12, …           7"
    assert look(rows, room=50)[1] == "c" * 24 + "…  value 12, …           7"
    assert look(rows, room=40) == [
        "city                    top",
        "c" * 21 + "…  value 12, …",
        "… too narrow for first; -f vertical shows all columns",
    ]
    assert look(rows, room=28)[1] == "c" * 15 + "…  value 12…"
    assert look(rows, room=20)[1] == "ccccccccc…  val… 12…"


def test_keys_are_left_out_behind_all_others_but_for_the_first() -> None:
    names = ("a", "b", "n", "m", "k")
    types = (*[ColumnType.ANY] * 2, *[ColumnType.INTEGER] * 2, ColumnType.LABEL)
    fields = tuple(ResultField(name, type_) for name, type_ in zip(names, types, strict=True))
    numbers = values(123456)
    rows = Rows(fields, (values("x" * 30), values("y" * 30), numbers, numbers, values("result")))
    by_both = Presentation(("a", "b"))
    assert look(rows, room=50, presentation=by_both)[-1].startswith("… too narrow for m;")
    assert look(rows, room=34, presentation=by_both) == [
        "a         b              n  k",
        "xxxxxxx…  yyyyyyy…  123456  result",
        "… too narrow for m; -f vertical shows all columns",
    ]
    assert look(rows, room=30, presentation=by_both) == [
        "a                    n  k",
        "xxxxxxxxxxxxx…  123456  result",
        "… too narrow for b, m; -f vertical shows all columns",
    ]


def test_a_wider_cell_brings_a_new_heading() -> None:
    wide = pair(["abcdefgh" * 3, "a"], [123456789, 2])
    assert look(pair(["a"], [1]), pair(["b"], [2]), wide, presentation=LIVE) == [
        "city          count",
        "a                 1",
        "b                 2",
        "city                          count",
        "abcdefghabcdefghabcdefgh  123456789",
        "a                                 2",
    ]


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [
        (12345678.0, 0.00012346, ["a     12345678", "city              count", "a            0.00012346"]),
        (1, "four", ["a         1", "city  count", "a     four"]),
    ],
    ids=["right of the point", "a text"],
)
def test_what_stood_there_before_has_room_under_a_new_heading(
    first: Cell, last: Cell, lines: list[str]
) -> None:
    """Ten thousand rows are laid out at once; the one behind them has what no other had."""
    assert look(pair(["a"] * 10_001, [first] * 10_000 + [last], ColumnType.ANY))[-3:] == lines


def test_a_text_that_cannot_have_more_room_brings_none() -> None:
    first, second = pair(["a" * 60], [1]), pair(["a" * 90], [2])
    assert len(look(first, second, room=30, presentation=LIVE)) == 3


def test_a_table_is_the_same_however_its_rows_come() -> None:
    rows = [pair(["a" * (i + 1)], [10**i]) for i in range(12)]
    whole = pair(["a" * (i + 1) for i in range(12)], [10**i for i in range(12)])
    assert look(*rows) == look(whole)


def test_widths_are_those_of_ten_thousand_rows_at_a_time() -> None:
    whole, column = counting(12_000), counting(12_000).columns[0]
    parts = [Rows(whole.fields, (part(column, lo, hi),)) for lo, hi in pairwise([0, 1, 7_000, 12_000])]
    lines = look(whole)
    assert look(*parts) == lines
    assert [(i, line) for i, line in enumerate(lines) if line.endswith("n")] == [
        (0, "   n"),
        (10_001, "    n"),
    ]


def test_rows_of_many_bytes_are_laid_out_sooner() -> None:
    holding = InParts(most_bytes=1000)
    rows = pair(["a" * 400, "b" * 400, "c" * 400, "d" * 2000, "e"], [1, 2, 3, 4, 5])
    shown = [*holding.add(rows), *holding.rest()]
    assert [len(each) for each in shown] == [2, 1, 1, 1]


def test_rows_of_many_bytes_are_laid_out_the_same_however_they_come() -> None:
    holding = InParts(most_bytes=1000)
    rows = [pair([letter * 400], [1]) for letter in "abcde"]
    shown = [part for each in rows for part in holding.add(each)] + [*holding.rest()]
    assert [len(each) for each in shown] == [2, 2, 1]


def test_control_characters_are_spelt_out_and_only_names_are_bold() -> None:
    memory = Memory()
    rows = pair(["\x1b[31m\n"], [1])
    written(TableSink(memory, None, None, True), rows, fields=rows.fields)
    assert memory.data.decode().splitlines() == [
        "\x1b[1mcity          count\x1b[0m",
        "\\x1b[31m\\x0a      1",
    ]


def test_cell_of_millions_of_characters_is_laid_out_at_once() -> None:
    assert look(pair(["a" * 3_000_000], [1]), room=30)[1] == "a" * 22 + "…      1"
    assert len(look(pair(["서" * 3_000_000], [1]))[1]) < 200


@pytest.mark.parametrize("sizes", [[41], [1] * 41, [19, 22], [30, 11]])
def test_of_a_long_result_both_ends_are_shown(sizes: list[int]) -> None:
    whole, memory, at = counting(sum(sizes)), Memory(), 0
    sink = TableSink(memory, None, 80, is_short=True)
    sink.open(whole.fields)
    for size in sizes:
        column = whole.columns[0]
        part = Values(column.kinds[at : at + size], column.numbers[at : at + size])
        sink.write(Rows(whole.fields, (part,)))
        at += size
    sink.commit({})
    assert memory.data.decode().split("\n") == [
        " n",
        *(f"{i:2}" for i in range(20)),
        "… 1 of 41 rows are left out; -f table | less -S shows all",
        *(f"{i:2}" for i in range(21, 41)),
        "",
    ]


def test_forty_rows_are_shown() -> None:
    memory, rows = Memory(), counting(40)
    written(TableSink(memory, None, 80, is_short=True), rows, fields=rows.fields)
    assert memory.data.split() == [b"n", *(b"%d" % i for i in range(40))]


@pytest.mark.parametrize("module", [cells, days, layout, widths])
def test_examples_in_the_documentation_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


SHOWN_NUMBERS = ["", "7", "-0.5", "20.636", "1e-07", "2.5e+20", "1E9"]


@given(lists(sampled_from(SHOWN_NUMBERS), max_size=5))
def test_points_of_a_column_are_those_of_its_numbers(texts: list[str]) -> None:
    plain = [min([text.find(mark) for mark in ".eE" if mark in text], default=len(text)) for text in texts]
    assert plain == layout.points_of(texts)


@example(["abc"], 2)
@given(lists(text(alphabet="ab 서e\u0301", max_size=6), min_size=1), integers(2, 6))
def test_texts_of_a_column_are_cut_and_padded_each(texts: list[str], width: int) -> None:
    cut = [widths.shortened(each, width) for each in texts]
    padded = [each + " " * (width - widths.width_of(each)) for each in cut]
    assert padded == layout.PlacedColumn(0, layout.Style.KEY, width).fit(texts)
