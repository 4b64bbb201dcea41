"""Stored queries against a twin that holds each against each event: any queries, events, blocks, changes, restarts."""

import json
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.expression_rows import HUGE, OBJECT, Cell, Odd
from tools.search_twin import SearchTwin

from streamstat.common.workers import ALONE
from streamstat.engine.engine import Engine
from streamstat.engine.sizes import Sizes
from streamstat.engine.strategy import Publication
from streamstat.input.events import decode_bytes
from streamstat.input.formats.ndjson import Ndjson
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.plan.search_options import SearchOptions
from streamstat.values.columns import Kind, Rows

thorough = settings(max_examples=400, deadline=None, print_blob=True)

words = st.text("aAbB -", max_size=5)
numbers = st.sampled_from([0, 1, 2, -1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 10**20])
doubles = st.sampled_from([0.0, -0.0, 0.5, 1.0, 2.0, -1.5, 2.0**53, 2.0**63, 1e300])
cells = st.none() | st.booleans() | numbers | doubles | words | st.sampled_from([OBJECT, HUGE])
fields = st.sampled_from(["x", "y", "z"])
literals = (st.booleans() | numbers | doubles | words).map(repr)
lists = st.lists(numbers | words | doubles | st.booleans(), min_size=2, max_size=5).map(tuple)
phrases = st.sampled_from(["'a'", "'A b'", "'b-a'", "'ab'"])

atoms = st.one_of(
    st.builds("{} == {}".format, fields, literals),
    st.builds("{} {} {}".format, fields, st.sampled_from(["!=", "<", "<=", ">", ">="]), literals),
    st.builds("{} {} {}".format, literals, st.sampled_from(["==", "<", ">="]), fields),
    st.builds("{} < {} <= {}".format, literals, fields, literals),
    st.builds("{} in {!r}".format, fields, lists),
    st.builds("{} not in ({}, None)".format, fields, literals),
    st.builds("words({}, {})".format, fields, phrases),
    st.builds("anywhere({})".format, phrases),
    st.builds("{}({}, {!r})".format, st.sampled_from(["startswith", "endswith", "contains"]), fields, words),
    st.builds("{} is {}None".format, fields, st.sampled_from(["", "not "])),
    fields,
    # What the index leaves open.
    st.builds("{} + {} > {}".format, fields, fields, numbers),
    st.builds("lower({}) == {!r}".format, fields, words),
    st.builds("{} == {}".format, fields, fields),
    st.builds("number({}) >= 1".format, fields),
)


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} and {} and {})".format, inner, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
    )


conditions = st.recursive(atoms, joined, max_leaves=5)
names = st.sampled_from(["a", "b", "B", "é", "a b", "z"])
changes = st.one_of(
    st.builds(lambda name, where: {"name": name, "where": where}, names, conditions | st.none()),
    st.sampled_from(
        [{}, {"name": "a"}, {"name": 1, "where": None}, {"name": "a", "where": "x ="}, 7, "a", [], True]
    ),
)
fields_of_events = {"x": cells, "y": cells, "z": cells}
dated = st.fixed_dictionaries({**fields_of_events, "ts": st.just(0)}, optional={"ask": st.none()})
undated = st.fixed_dictionaries(fields_of_events)
records = st.one_of(
    *(dated, dated, dated, undated),
    st.fixed_dictionaries({"ask": changes}, optional={"ts": st.just(0)}),
)


def spelt(value: object) -> str:
    if isinstance(value, Odd):
        return value.spelling
    return json.dumps(value, ensure_ascii=False)


def line_of(record: dict[str, object]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{spelt(value)}" for name, value in record.items()) + "}"


def plan_of(queries: dict[str, str], changes: str | None) -> Plan:
    own = SearchOptions(queries_toml=[json.dumps(pair) for pair in queries.items()], queries=changes)
    return Plan(time=["ts"], own=own)


def cells_of(rows: Rows) -> list[tuple[int, str, str]]:
    times, names, events = rows.columns
    assert names.texts is not None and events.texts is not None
    assert (events.kinds == Kind.JSON).all()
    return [
        (int(times.numbers[i]), names.texts[i].decode(), events.texts[i].decode()) for i in range(len(rows))
    ]


def searched(
    plan: Plan, lines: list[str], cuts: list[int], most: int, restarts: set[int]
) -> tuple[list[tuple[int, str, str]], Engine]:
    """The rows of lines in blocks that are cut before some of them; a new engine goes on behind some blocks."""
    sizes, job = Sizes(published_at_once=most), job_of(plan)
    engine, rows = Engine(job, ALONE, sizes), []
    engine.begin_input(0, False)
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    for number, (lo, hi) in enumerate(pairwise(edges)):
        block = decode_bytes(job.decoder(Ndjson()), "".join(line + "\n" for line in lines[lo:hi]).encode())
        for outcome in engine.push(block):
            if isinstance(outcome, Publication):
                assert outcome.changelog is not None and outcome.changelog is outcome.report
                rows += cells_of(outcome.changelog)
        if number in restarts:
            parts = engine.snapshot()
            engine = Engine(job_of(plan), ALONE, sizes)
            engine.restore(parts)
            assert engine.snapshot() == parts
    engine.ledger.check()
    return rows, engine


@thorough
@given(
    st.dictionaries(names, conditions, max_size=6),
    st.lists(records, max_size=12),
    st.lists(st.integers(1, 12), max_size=5),
    st.integers(1, 4),
    st.sets(st.integers(0, 5)),
)
def test_any_queries_hold_as_their_twins_do(
    queries: dict[str, str], stream: list[dict[str, object]], cuts: list[int], most: int, restarts: set[int]
) -> None:
    stream = [dict(record, ts=i) if "ts" in record else record for i, record in enumerate(stream, 1)]
    twin, lines = SearchTwin(queries, "ask"), [line_of(record) for record in stream]
    expected = []
    for record, line in zip(stream, lines, strict=True):
        row: dict[str, Cell] = {name: record.get(name) for name in ("x", "y", "z")}  # type: ignore[misc]
        expected += [(record["ts"], name, line) for name in twin.take(record, row)]
    rows, engine = searched(plan_of(queries, "ask"), lines, cuts, most, restarts)
    assert [(int(time) // 1_000_000, name, event) for time, name, event in rows] == expected
    figures = engine.reports[0].figures["query"]
    assert {name: each["hit"] for name, each in figures.items()} == twin.hits
    assert engine.ledger.bad_queries == twin.bad
    _, whole = searched(plan_of(queries, "ask"), lines, [], 1000, set())
    assert figures == whole.reports[0].figures["query"]


def lines_of(*records: dict[str, object]) -> list[str]:
    return [line_of(record) for record in records]


def test_evaluated_are_the_events_that_have_the_part_which_is_looked_up() -> None:
    queries = {
        "both": 'service == "api" and took > 1',
        "either": 'service == "ui" or words(text, "slow")',
        "never": 'service in ("x", "y")',
        "always": "took > 1",
        "open": 'service == "api" and took + 1 > 2',
    }
    lines = lines_of(
        {"ts": 1, "service": "api", "took": 1},
        {"ts": 2, "service": "api", "took": 2},
        {"ts": 3, "service": "ui", "took": 2, "text": "slow"},
        {"ts": 4, "text": "Slow!"},
        {"service": "api", "took": 9},
    )
    _, engine = searched(plan_of(queries, None), lines, [], 100, set())
    assert engine.reports[0].figures["query"] == {
        "always": {"evaluated": 4, "hit": 2},
        "both": {"evaluated": 2, "hit": 1},
        "either": {"evaluated": 2, "hit": 2},
        "never": {"evaluated": 0, "hit": 0},
        "open": {"evaluated": 2, "hit": 1},
    }


def test_a_query_that_is_replaced_counts_anew_and_one_that_is_removed_is_gone() -> None:
    def change(where: str | None, name: str = "a") -> dict[str, object]:
        return {"ask": {"name": name, "where": where}}

    event: dict[str, object] = {"ts": 1, "x": 1}
    plan = plan_of({"a": "x == 1", "b": "x == 1"}, "ask")

    def figures(*records: dict[str, object]) -> dict[str, int]:
        _, engine = searched(plan, lines_of(*records), [], 100, set())
        return {name: each["hit"] for name, each in engine.reports[0].figures["query"].items()}

    assert figures(event, event) == {"a": 2, "b": 2}
    assert figures(event, change("x > 0"), event) == {"a": 1, "b": 2}
    assert figures(event, change("x > 0"), event, change("x > 0"), event) == {"a": 2, "b": 3}
    assert figures(event, change("x > 0"), event, change("x > 1"), change("x > 0"), event) == {"a": 1, "b": 3}
    assert figures(event, change(None), event) == {"b": 2}
    assert figures(change("x > 0", "c"), event, change(None, "c"), event) == {"a": 2, "b": 2}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=12),
    st.lists(st.integers(1, 12), max_size=5),
    st.integers(1, 3),
)
def test_events_are_chosen_first_wherever_blocks_end(
    values: list[tuple[int, int, bool]], cuts: list[int], most: int
) -> None:
    records: list[dict[str, object]] = []
    for ts, (x, id, changes) in enumerate(values, 1):
        records += [{"ask": {"name": "b", "where": f"x >= {x}"}}] if changes else []
        records.append({"ts": ts, "x": x, "id": id})
    own = SearchOptions(query=["a=x is not None"], queries="ask")
    plan = Plan(time=["ts"], where="x > 0", unique=["id"], own=own)
    lines, known, least = lines_of(*records), set(), 1 << 60
    expected: list[tuple[object, str, str]] = []
    for record, line in zip(records, lines, strict=True):
        if "ask" in record:
            least = int(str(record["ask"]).split()[-1].strip("'}"))
        elif (x := int(str(record["x"]))) > 0 and record["id"] not in known:
            known.add(record["id"])
            names = ["a", "b"] if x >= least else ["a"]
            expected += [(record["ts"], name, line) for name in names]
    rows, _ = searched(plan, lines, [*cuts, *(cut + 12 for cut in cuts)], most, set())
    assert [(int(time) // 1_000_000, name, event) for time, name, event in rows] == expected


@pytest.mark.parametrize(
    "damage",
    [
        lambda part: part[:-1],
        lambda part: part + b"\0",
        lambda part: part.replace(b"x > 0", b"x >  "),
        lambda part: part.replace(b"\x01\0\0\0\0\0\0\0b", b"\x01\0\0\0\0\0\0\0a"),
        lambda part: part.replace(b"\x03hitq\x01", b"\x03hitq\x02"),
        lambda part: part.replace(b"b", b"\xff"),
    ],
)
def test_a_state_that_cannot_be_is_refused(damage: Callable[[bytes], bytes]) -> None:
    plan = plan_of({"a": "x == 1"}, "ask")
    lines = lines_of(
        {"ask": {"name": "a", "where": "x > 0"}}, {"ask": {"name": "b", "where": "x > 0"}}, {"ts": 1, "x": 1}
    )
    _, engine = searched(plan, lines, [], 100, set())
    parts = engine.snapshot()
    damaged = damage(parts["search"])
    assert damaged != parts["search"]
    with pytest.raises(ValueError, match="search: "):
        Engine(job_of(plan)).restore(parts | {"search": damaged})


def test_rows_of_two_indexes_come_in_the_order_of_events_however_many_at_once() -> None:
    plan = plan_of({"a": "x is not None", "c": "x is not None"}, "ask")
    events: list[dict[str, object]] = [{"ts": i, "x": i % 5} for i in range(1, 6)]
    lines = lines_of({"ask": {"name": "b", "where": "x > 1"}}, *events)
    expected = [(1, "a"), (1, "c"), *((i, name) for i in range(2, 5) for name in "abc"), (5, "a"), (5, "c")]
    for most in range(1, 9):
        rows, _ = searched(plan, lines, [], most, set())
        assert [(time // 1_000_000, name) for time, name, _ in rows] == expected


@pytest.mark.parametrize("most", [1, 7, 30, 1000])
def test_an_event_that_many_queries_hold_for_is_told_some_rows_at_a_time(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamstat.engine.search.intake.MOST_TOLD_BYTES", most)
    queries = {f"q{i}": "x == 1" for i in range(5)}
    job = job_of(plan_of(queries, None))
    engine = Engine(job)
    engine.begin_input(0, False)
    data = b'{"ts": 1, "x": 1}\n{"ts": 2, "x": 1, "y": 2}\n'
    told = [
        each
        for each in engine.push(decode_bytes(job.decoder(Ndjson()), data))
        if isinstance(each, Publication)
    ]
    rows = [row for each in told if each.changelog is not None for row in cells_of(each.changelog)]
    lines = data.decode().splitlines()
    expected = [(i * 1_000_000, name, line) for i, line in enumerate(lines, 1) for name in queries]
    assert rows == expected
    assert len(told) == {1: 10, 7: 10, 30: 10, 1000: 1}[most]
