"""`streamstat.run(plan, inputs)` for Python callers: the rows of the command as a `pyarrow.Table`."""

import doctest
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import streamstat
from streamstat import Plan, run
from streamstat.common.errors import ConfigError, InputError, MissingInputError, ReadWriteError, UsageError
from streamstat.plan.join_options import JoinOptions
from streamstat.plan.view_options import ViewOptions

LINES = b'{"ts": 1, "k": "a", "v": 1}\n{"ts": 61, "k": "b", "v": 2.5}\n'
ROWS = [{"k": "a", "sum_v": 1.0}, {"k": "b", "sum_v": 2.5}]
PLAN = Plan(by=("k",), agg=("sum(v)",))


def rows(table: pa.Table) -> list[dict[str, object]]:
    found: list[dict[str, object]] = table.drop_columns(["window_start", "window_end"]).to_pylist()
    return found


def test_example_in_the_documentation_runs() -> None:
    assert doctest.testmod(streamstat).failed == 0


def test_version_is_that_of_the_package() -> None:
    assert streamstat.__version__.count(".") == 2
    with pytest.raises(AttributeError):
        _ = streamstat.nothing


@pytest.mark.parametrize("name", sorted(set(streamstat.__all__) - {"__version__"}))
def test_public_names_can_be_imported_from_the_package(name: str) -> None:
    assert getattr(streamstat, name).__name__ == name
    assert name in ("Plan", "run") or issubclass(getattr(streamstat, name), streamstat.StreamstatError)


# Inputs.


def pieces() -> Iterator[bytes]:
    for i in range(len(LINES)):
        yield LINES[i : i + 1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "events.ndjson"
    found.write_bytes(LINES)
    return found


def test_inputs_of_every_kind_give_the_same_rows(path: Path) -> None:
    packed = path.with_suffix(".gz")
    packed.write_bytes(gzip.compress(LINES))
    kinds: list[Any] = [path, str(path), str(path.parent / "*.ndjson"), LINES, io.BytesIO(LINES)]
    for given in [*kinds, [path], [str(packed)], [bytearray(LINES)], [io.BytesIO(LINES)], [pieces()]]:
        assert rows(run(PLAN, given)) == ROWS


def test_several_inputs_are_read_in_their_order() -> None:
    plan = Plan(window="all", agg=("first(k)", "last(k)"))
    inputs = [b'{"ts": 1, "k": "%d"}\n' % i for i in range(3)]
    assert rows(run(plan, inputs)) == [{"first_k": "0", "last_k": "2"}]


def test_open_file_is_read_from_where_it_stands(path: Path) -> None:
    with path.open("rb") as file:
        file.readline()
        assert rows(run(PLAN, file)) == ROWS[1:]


def test_no_input_gives_no_rows_but_columns() -> None:
    table = run(PLAN, b"")
    assert (table.num_rows, table.column_names) == (0, ["window_start", "window_end", "k", "sum_v"])


def test_missing_file_is_an_error_of_its_own() -> None:
    with pytest.raises(MissingInputError, match=r"nothing\.ndjson: no such file"):
        run(PLAN, "nothing.ndjson")


def test_thing_that_is_no_input_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="int"):
        run(PLAN, [5])


def test_truncated_input_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(LINES)[:-6])
    with pytest.raises(ReadWriteError, match=r"cut\.gz"):
        run(PLAN, path)


def test_text_stream_is_an_error(path: Path) -> None:
    with path.open() as file, pytest.raises(ReadWriteError, match="'rb'"):
        run(PLAN, file)


# The table.


def test_columns_have_the_types_of_a_parquet_report() -> None:
    table = run(
        Plan(by=("k",), agg=("count()", "sum(v)", "max(n)", "p50(v)", "top(k)"), timezone="Asia/Seoul"), LINES
    )
    assert {field.name: str(field.type) for field in table.schema} == {
        "window_start": "timestamp[us, tz=Asia/Seoul]",
        "window_end": "timestamp[us, tz=Asia/Seoul]",
        "k": "string",
        "count": "int64",
        "sum_v": "double",
        "max_n": "string",
        "p50_v": "double",
        "top_k": "list<item: struct<value: string, count: int64, error: int64>>",
    }


def test_ledger_is_in_the_metadata() -> None:
    table = run(PLAN, LINES + b"bad\n")
    ledger = json.loads(table.schema.metadata[b"streamstat.ledger"])
    assert (ledger["lines"], ledger["counted"], ledger["bad"], ledger["watermark"]) == (3, 2, 1, "inf")


def test_notes_are_in_the_metadata() -> None:
    table = run(Plan(window="all", by=("rout",)), b'{"ts": 1, "route": 2}\n')
    assert json.loads(table.schema.metadata[b"streamstat.notes"]) == [
        "no event has 'rout'; did you mean 'route'?"
    ]


def test_threads_do_not_change_a_bit() -> None:
    lines = b"".join(b'{"ts": %d, "v": %d.%d}\n' % (i * 7 % 9999, i, i % 97) for i in range(200_000))
    plan = Plan(window="hopping:10m/1m", agg=("mean(v)", "stddev(v)", "p99(v)", "distinct(v)", "new(v)"))
    assert run(plan, lines, threads=1).equals(run(plan, lines, threads=4))


LATE = b'{"ts": 1}\n{"ts": 61}\n{"ts": 2}\n{"ts": 121}\n'


def test_window_that_was_corrected_is_one_row() -> None:
    plan = Plan(delay="0s", late="retract", allowed_lateness="1h")
    assert rows(run(plan, LATE)) == [
        {"count": 2, "revision": 1},
        {"count": 1, "revision": 0},
        {"count": 1, "revision": 0},
    ]


def test_changelog_has_every_publication() -> None:
    plan = Plan(delay="0s", late="retract", allowed_lateness="1h")
    assert rows(run(plan, LATE, changelog=True)) == [
        {"count": 1, "revision": 0, "kind": "result"},
        {"count": 1, "revision": 0, "kind": "retraction"},
        {"count": 2, "revision": 1, "kind": "correction"},
        {"count": 1, "revision": 0, "kind": "result"},
        {"count": 1, "revision": 0, "kind": "result"},
    ]


def test_plan_can_be_run_again() -> None:
    assert run(PLAN, LINES).equals(run(PLAN, LINES))


# Plans.


def test_plan_takes_one_text_for_a_list() -> None:
    assert Plan(by="a,b", agg="count()") == Plan(by=("a,b",), agg=("count()",))
    assert Plan(agg=()) == Plan()


def test_plan_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        'window = "all"\nby = ["k"]\nagg = ["sum(v)"]\ninput-timezone = "Asia/Seoul"\nfill = false\n'
    )
    assert Plan.from_toml(path) == Plan(window="all", by=("k",), agg=("sum(v)",), input_timezone="Asia/Seoul")
    assert rows(run(Plan.from_toml(str(path)), LINES)) == ROWS


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('windw = "all"', "there is no option 'windw'; did you mean 'window'"),
        ("window = 5", "window = 5 has the wrong type"),
        ('output = "r.csv"', "there is no option 'output'"),
        ("window =", "Invalid value"),
    ],
)
def test_plan_from_toml_that_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        Plan.from_toml(path)
    assert str(caught.value).startswith(f"{path}: ") and message in str(caught.value)


def test_plan_from_toml_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match=r"plan\.toml"):
        Plan.from_toml("plan.toml")


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        (Plan(window="tumblin:1m"), "--window"),
        (Plan(agg=("cuont()",)), "--agg"),
        (Plan(where="x ="), "--where"),
        (Plan(by=("a,",)), "--by"),
        (Plan(late="update"), "--late"),
        (Plan(timezone="Mars"), "--timezone"),
        (Plan(fill=True, window="all"), "--fill"),
        (Plan(limit=0), "--limit"),
    ],
)
def test_plan_that_cannot_be_names_the_option(plan: Plan, place: str) -> None:
    with pytest.raises(UsageError) as caught:
        run(plan, LINES)
    assert caught.value.place == place
    assert caught.value.exit_code == 2


def test_first_event_without_a_time_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="name one of its fields: at"):
        run(Plan(), b'{"at": 1}\n')


def test_strict_is_an_input_error() -> None:
    with pytest.raises(InputError, match="<bytes>:3:1: expected a value"):
        run(PLAN, LINES + b"bad\n", strict=True)


def test_runaway_fill_is_an_input_error() -> None:
    with pytest.raises(InputError, match="windows in a row"):
        run(Plan(window="tumbling:1us", fill=True), LINES)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a,b\n1,2\n", "<bytes>:1:1: none of 2 lines is a JSON object; it looks like "),
        (
            b'{"a": 1}\n',
            "--time: none of 1 event has a time in 'ts'; <bytes>:1 has no such field",
        ),
    ],
)
def test_input_of_which_nothing_can_be_used_is_an_error(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as raised:
        run(Plan(time="ts"), data)
    assert str(raised.value).startswith(message)


def test_no_input_at_all_is_an_empty_table() -> None:
    assert run(Plan(time="ts"), b"\n").num_rows == 0


def test_inputs_of_a_join_are_given_by_side() -> None:
    plan = Plan(time=["ts"], own=JoinOptions(names=("a", "b"), on="k", within="5s", select="n=b.n"))
    sides = {"b": [b'{"ts":2,"k":1,"n":7}\n'], "a": b'{"ts":1,"k":1}\n'}
    assert run(plan, sides).column("n").to_pylist() == [7]
    with pytest.raises(UsageError, match="are to be given by side"):
        run(plan, [b"{}"])


def test_rows_of_a_view_are_those_that_are_left() -> None:
    lines = b'{"id":1,"n":1}\n{"id":2,"n":5}\n{"id":1,"n":2}\n'
    assert run(Plan(own=ViewOptions(key="id")), lines).column("n").to_pylist() == [2, 5]
