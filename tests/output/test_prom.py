"""The newest window as metrics: what Prometheus reads of it, what is left out, and what cannot be a metric."""

import doctest
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.prom_reader import read_prom
from tools.result_rows import Cell, values
from tools.sink_runs import START, Memory, written

from streamstat.common.errors import UsageError
from streamstat.output import metrics
from streamstat.output.metrics import metrics_of
from streamstat.output.sinks import prom
from streamstat.output.sinks.prom import PromSink
from streamstat.values.columns import ColumnType, ResultField, Rows

MINUTE = 60_000_000


def fields_of(*columns: tuple[str, ColumnType]) -> tuple[ResultField, ...]:
    edges = [ResultField(name, ColumnType.TIME) for name in ("window_start", "window_end")]
    return (*edges, *(ResultField(name, kind) for name, kind in columns))


FIELDS = fields_of(("k", ColumnType.ANY), ("x", ColumnType.ANY))


def window(number: int, *pairs: tuple[Cell, Cell]) -> Rows:
    """The rows of a minute: a key and a value each."""
    start = START + number * MINUTE
    edges = [values(*[start] * len(pairs)), values(*[start + MINUTE] * len(pairs))]
    return Rows(FIELDS, (*edges, values(*(key for key, _ in pairs)), values(*(x for _, x in pairs))))


def text_of(
    *batches: Rows,
    groups: Sequence[str] = ("k",),
    fields: tuple[ResultField, ...] = FIELDS,
    terminal: bool = False,
) -> str:
    memory = Memory()
    written(PromSink(memory, groups, terminal), *batches, fields=fields)
    return memory.data.decode()


def keys(text: str) -> list[str]:
    return [dict(labels)["k"] for labels in read_prom(text)["streamstat_x"].samples]


def test_only_the_rows_of_the_newest_window_are_metrics() -> None:
    assert text_of(
        window(0, ("a", 1)), window(1, ("a", 2), ("b", 3)), window(0, ("c", 4)), window(1, ("d", 5))
    ) == (
        "# TYPE streamstat_window_end_seconds gauge\n"
        "streamstat_window_end_seconds 1767225720\n"
        "# TYPE streamstat_x gauge\n"
        'streamstat_x{k="a"} 2\n'
        'streamstat_x{k="b"} 3\n'
        'streamstat_x{k="d"} 5\n'
        "# EOF\n"
    )


def test_a_batch_of_many_windows_gives_the_newest() -> None:
    rows = [window(0, ("a", 1)), window(2, ("b", 2)), window(1, ("c", 3))]
    columns = (
        values(*(START + n * MINUTE for n in (0, 2, 1))),
        values(*(START + n * MINUTE for n in (1, 3, 2))),
    )
    together = Rows(FIELDS, (*columns, values("a", "b", "c"), values(1, 2, 3)))
    assert text_of(*rows) == text_of(together)


def test_without_rows_there_is_no_metric() -> None:
    assert text_of() == text_of(window(0)) == "# EOF\n"


def test_numbers_of_every_kind_and_nothing_else_are_samples() -> None:
    cells: list[Cell] = [
        7,
        0.5,
        True,
        False,
        math.inf,
        -math.inf,
        math.nan,
        b"-1e999",
        b"1e999",
        (1e5, "1E5"),
    ]
    left_out: list[Cell] = [None, "7", b"[1]"]
    text = text_of(window(0, *((f"k{i}", cell) for i, cell in enumerate([*cells, *left_out]))))
    expected = ["7", "0.5", "1", "0", "+Inf", "-Inf", "NaN", "-Inf", "+Inf", "1E5"]
    assert [line.split()[1] for line in text.splitlines() if line.startswith("streamstat_x")] == expected
    assert len(read_prom(text)["streamstat_x"].samples) == len(cells)


def test_column_without_a_number_is_no_metric() -> None:
    assert list(read_prom(text_of(window(0, ("a", "text"))))) == ["streamstat_window_end_seconds"]


def test_columns_that_are_no_numbers_are_no_metrics() -> None:
    others = (
        ("top", ColumnType.TOP),
        ("h", ColumnType.HISTOGRAM),
        ("s", ColumnType.BINARY),
        ("kind", ColumnType.LABEL),
    )
    fields = fields_of(*others, ("n", ColumnType.INTEGER))
    texts = [values(b"[]"), values(b"[]"), values("state"), values("result")]
    rows = Rows(fields, (values(START), values(START + 500_000), *texts, values(1)))
    assert text_of(rows, groups=(), fields=fields) == (
        "# TYPE streamstat_window_end_seconds gauge\n"
        "streamstat_window_end_seconds 1767225600.5\n"
        "# TYPE streamstat_n gauge\n"
        "streamstat_n 1\n"
        "# EOF\n"
    )


def test_labels_are_texts_and_null_is_an_empty_one() -> None:
    assert keys(text_of(window(0, *((key, 1) for key in (1, (1.0, "1.0"), True, "x", b'["a"]', None))))) == [
        *("1", "1.0", "true", "x", '["a"]', "")
    ]


def test_groups_that_are_one_text_are_told_apart() -> None:
    cells: list[Cell] = [1, "1", '"1"', None, "", '""', "x", True, "true"]
    shown = ["1", '"1"', '"\\"1\\""', "", '""', '"\\"\\""', "x", "true", '"true"']
    assert keys(text_of(window(0, *((cell, 1) for cell in cells)))) == shown
    assert keys(text_of(window(0, *((cell, 1) for cell in ("1", '"1"', 2))))) == ["1", '"1"', "2"]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.text(max_size=4),
    st.sampled_from(["1", '"1"', "", '""', '"true"']),
)


@given(st.lists(CELLS, min_size=1, max_size=8, unique_by=lambda cell: (type(cell), cell)))
def test_every_group_has_labels_of_its_own(cells: list[Cell]) -> None:
    assert len(keys(text_of(window(0, *((cell, 1) for cell in cells))))) == len(cells)


@given(st.text())
def test_any_text_comes_back_as_the_label_it_was(text: str) -> None:
    assert keys(text_of(window(0, (text, 1)))) == [text]


def test_terminal_shows_control_characters_as_escapes() -> None:
    assert 'k="a\\\\x1b[2J\\\\x0a"' in text_of(window(0, ("a\x1b[2J\n", 1)), terminal=True)


@pytest.mark.parametrize(
    ("column", "label", "metric"),
    [
        ("user.id", "user_id", "streamstat_user_id"),
        ("2xx", "_2xx", "streamstat_2xx"),
        ("__name__", "_name__", "streamstat___name__"),
        ("größe", "gr_e", "streamstat_gr_e"),
        ("서울", "_", "streamstat__"),
    ],
)
def test_names_are_those_that_prometheus_takes(column: str, label: str, metric: str) -> None:
    fields = (ResultField(column, ColumnType.ANY),)
    assert list(metrics_of(fields, [column]).labels.values()) == [label]
    assert list(metrics_of(fields, []).gauges.values()) == [metric]


@pytest.mark.parametrize(
    ("names", "groups", "said"),
    [
        (
            ["a.b", "a_b"],
            ["a.b", "a_b"],
            "--by: a.b and a_b would be one label, a_b;",
        ),
        (
            ["a.b", "a_b"],
            [],
            "--agg: a.b and a_b would be one metric, streamstat_a_b;",
        ),
        (
            ["window_end_seconds"],
            [],
            "--agg: window_end and window_end_seconds would be one metric",
        ),
    ],
)
def test_two_columns_of_one_name_are_refused(names: list[str], groups: list[str], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        metrics_of([ResultField(name, ColumnType.INTEGER) for name in names], groups)
    assert str(refused.value).startswith(said)


def test_a_label_and_a_metric_may_have_one_name() -> None:
    fields = [ResultField(name, ColumnType.ANY) for name in ("a.b", "a_b")]
    assert metrics_of(fields, ["a.b"]).gauges == {1: "streamstat_a_b"}


def test_examples_in_the_documentation_run() -> None:
    assert doctest.testmod(metrics).failed == doctest.testmod(prom).failed == 0
