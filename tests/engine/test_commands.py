"""Commands are decided as one by one: any commands, checks, blocks, windows, restarts."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.command_twin import Check, CommandTwin, Event, Row

from streamstat.common.workers import ALONE
from streamstat.engine.engine import Engine
from streamstat.engine.sizes import Sizes
from streamstat.engine.sourcing import intake, walking
from streamstat.engine.strategy import Publication
from streamstat.input.events import decode_bytes
from streamstat.input.formats.ndjson import Ndjson
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of as meant
from streamstat.plan.plan import Plan
from streamstat.plan.view_options import ViewOptions
from streamstat.values.columns import Kind, Rows, Values

thorough = settings(max_examples=300, deadline=None, print_blob=True)

CALLS = (
    *("n=count()", "balance=sum(v)", "most=max(v)", "status=last(s)", "opened=first(s)", "mean=mean(v)"),
    *("big=sum(v) if v > 2", "often=top(s, 2)", "some=values(s, 3)"),
)


def newest(events: Sequence[Event], name: str) -> Any:
    """The last of the newest values that there are."""
    there = [each for each in events if each[name] is not None]
    return None if not there else max(enumerate(there), key=lambda each: (each[1]["t"], each[0]))[1][name]


def fold(events: Sequence[Event]) -> Row:
    numbers = [each["v"] for each in events if each["v"] is not None]
    return {
        "n": len(events),
        "balance": sum(numbers),
        "status": newest(events, "s"),
        "most": max(numbers, default=None),
        "changed": max(each["t"] for each in events),
        "k": events[0]["k"],
        "big": sum(each for each in numbers if each > 2),
    }


def less(a: Any, b: Any) -> bool | None:
    return None if a is None or b is None else a < b


def plus(a: Any, b: Any) -> Any:
    return None if a is None or b is None else a + b


def either(a: bool | None, b: bool | None) -> bool | None:
    return True if a is True or b is True else None if a is None or b is None else False


def of(state: Row | None, name: str) -> Any:
    return None if state is None else state[name]


# What is checked, as it is typed and as it is meant.
CHECKS: dict[str, Check] = {
    "state.n is None or state.n < 3": lambda c, s: s is None or s["n"] < 3,
    "v is None or state.balance is None or state.balance + v >= 0": lambda c, s: either(
        c["v"] is None or of(s, "balance") is None,
        None if (p := plus(of(s, "balance"), c["v"])) is None else p >= 0,
    ),
    "state.balance + v > 1": lambda c, s: less(1, plus(of(s, "balance"), c["v"])),
    "state.status is None or s != state.status": lambda c, s: either(
        of(s, "status") is None, None if None in (c["s"], of(s, "status")) else c["s"] != of(s, "status")
    ),
    "state.changed is None or event_time >= state.changed": lambda c, s: s is None or c["t"] >= s["changed"],
    "v > 0": lambda c, s: less(0, c["v"]),
    "state.k is None or v is not None": lambda c, s: s is None or s["k"] is None or c["v"] is not None,
    "state.n % 2 == 0 or state.n is None or s == 'a'": lambda c, s: (
        s is None or s["n"] % 2 == 0 or (None if c["s"] is None else c["s"] == "a")
    ),
    "not state.most > v": lambda c, s: None if (m := less(c["v"], of(s, "most"))) is None else not m,
}
commands = st.fixed_dictionaries(
    {
        "k": st.sampled_from(["x", "y", None, 1]),
        "v": st.none() | st.integers(-3, 4),
        "s": st.none() | st.sampled_from("abc"),
        "t": st.integers(0, 6),
    }
)


def job_of(calls: Sequence[str], checks: Mapping[str, str], **more: Any) -> Job:
    own = ViewOptions(
        changes="events", key="k", check=[f"{name}={text}" for name, text in checks.items()], **more
    )
    return meant(Plan(time=["t"], time_unit="s", agg=calls, own=own))


def line_of(command: Event) -> bytes:
    return json.dumps(dict(command)).encode() + b"\n"


def value(values: Values, i: int) -> Any:
    kind = Kind(int(values.kinds[i]))
    if kind <= Kind.TRUE:
        return {Kind.NULL: None, Kind.FALSE: False, Kind.TRUE: True}[kind]
    if kind == Kind.INTEGER:
        return int(values.numbers[i])
    if kind == Kind.DOUBLE:
        return float(values.numbers[i : i + 1].view(float)[0])
    assert values.texts is not None
    return values.texts[i].decode()


def cells_of(rows: Rows) -> list[dict[str, Any]]:
    names = [field.name for field in rows.fields]
    return [
        {name: value(column, i) for name, column in zip(names, rows.columns, strict=True)}
        for i in range(len(rows))
    ]


class Ran:
    """What a run over lines gave, in blocks that are cut before some of them; a new engine goes on behind some."""

    def __init__(
        self,
        job: Job,
        lines: Sequence[bytes],
        cuts: Sequence[int] = (),
        restarts: frozenset[int] = frozenset(),
    ):
        self.accepted: list[int] = []
        self.refused: list[tuple[int, int]] = []
        self.changes: list[dict[str, Any]] = []
        sizes = Sizes(published_at_once=2)
        engine = Engine(job, ALONE, sizes)
        engine.begin_input(0, False)
        edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
        for number, (lo, hi) in enumerate(pairwise(edges)):
            for outcome in engine.push(decode_bytes(job.decoder(Ndjson()), b"".join(lines[lo:hi]))):
                if isinstance(outcome, Publication):
                    self._published(outcome, lo)
            if number in restarts:
                parts = engine.snapshot()
                engine = Engine(job, ALONE, sizes)
                engine.restore(parts)
                assert engine.snapshot() == parts
        assert not list(engine.finish())
        published = [each.changelog for each in engine.whole(last=True) if each.changelog is not None]
        self.rows = [row for each in published for row in cells_of(each)]
        engine.ledger.check()
        self.ledger = engine.ledger

    def _published(self, publication: Publication, lo: int) -> None:
        judged = publication.judged
        if judged is not None:
            self.accepted += (judged.accepted + lo).tolist()
            self.refused += zip((judged.refused + lo).tolist(), judged.failed.tolist(), strict=True)
        if publication.changelog is not None:
            self.changes += cells_of(publication.changelog)


@pytest.fixture(params=[(1, 1 << 13), (3, 5), (8, 1 << 13)], ids=["width 1", "five at once", "usual"])
def together(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many commands are looked at together, which decides nothing."""
    fewest, most = request.param
    monkeypatch.setattr(walking, "FEWEST", fewest)
    monkeypatch.setattr(intake, "DECIDED_TOGETHER", most)


@pytest.mark.usefixtures("together")
@thorough
@given(
    st.lists(commands, max_size=30),
    st.lists(st.sampled_from(sorted(CHECKS)), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(1, 30), max_size=4),
    st.frozensets(st.integers(0, 5)),
    st.booleans(),
)
def test_commands_are_decided_as_one_by_one(
    stream: list[Event], checks: list[str], cuts: list[int], restarts: frozenset[int], ordered: bool
) -> None:
    named = {f"c{i}": text for i, text in enumerate(checks)}
    if ordered:  # a state whose order shows is added to one event at a time
        named["top"] = "state.often is None or state.often is not None"
    twin = CommandTwin(fold, {name: CHECKS.get(text, lambda c, s: True) for name, text in named.items()})
    for number, command in enumerate(stream):
        twin.take(number, command)
    ran = Ran(job_of(CALLS, named), [line_of(each) for each in stream], cuts, restarts)
    names = list(named)
    assert ran.accepted == twin.accepted
    assert [(row, names[check]) for row, check in ran.refused] == twin.refused
    told = [{name: row[name] for name in ("k", "n", "balance", "status", "most", "big")} for row in ran.rows]
    expected = {key: {name: row[name] for name in told[0]} for key, row in twin.rows.items()} if told else {}
    assert {row["k"]: row for row in told} == expected and len(told) == len(twin.rows)
    assert [row["changed"] // 1_000_000 for row in ran.rows] == [
        twin.rows[row["k"]]["changed"] for row in ran.rows
    ]
    assert (ran.ledger.counted, ran.ledger.filtered) == (len(twin.accepted), len(twin.refused))


@pytest.mark.usefixtures("together")
@thorough
@given(
    st.lists(commands, max_size=30),
    st.lists(st.sampled_from(sorted(CHECKS)), max_size=2, unique=True),
    st.lists(st.integers(1, 30), max_size=4),
    st.frozensets(st.integers(0, 5)),
    st.booleans(),
)
def test_a_changelog_has_the_row_behind_each_event(
    stream: list[Event], checks: list[str], cuts: list[int], restarts: frozenset[int], ordered: bool
) -> None:
    named = {f"c{i}": text for i, text in enumerate(checks)}
    twin = CommandTwin(fold, {name: CHECKS[text] for name, text in named.items()})
    expected = []
    for number, command in enumerate(stream):
        known = command["k"] in twin.events
        twin.take(number, command)
        if twin.accepted[-1:] == [number]:
            row = twin.rows[command["k"]]
            kept = {name: row[name] for name in ("n", "balance", "status", "most", "big")}
            kind = "update" if known else "insert"
            expected.append({"time": command["t"] * 1_000_000, "kind": kind, "k": command["k"], **kept})
    calls = CALLS if ordered else CALLS[:-2]
    ran = Ran(job_of(calls, named, changelog=True), [line_of(each) for each in stream], cuts, restarts)
    assert [{name: row[name] for name in expected[0]} for row in ran.changes] == expected
    assert ran.rows == []


@thorough
@given(
    st.lists(commands, max_size=30),
    st.lists(st.sampled_from(sorted(CHECKS)), min_size=1, max_size=2, unique=True),
)
def test_a_view_of_what_was_accepted_is_that_of_the_commands(stream: list[Event], checks: list[str]) -> None:
    lines = [line_of(each) for each in stream]
    ran = Ran(job_of(CALLS, {f"c{i}": text for i, text in enumerate(checks)}), lines)
    again = Ran(job_of(CALLS, {}), [lines[number] for number in ran.accepted])
    assert again.rows == ran.rows


@pytest.mark.parametrize("part", ["sourced", "keys", "store/0"])
def test_a_snapshot_that_cannot_be_is_refused(part: str) -> None:
    engine = Engine(job_of(CALLS, {}))
    engine.begin_input(0, False)
    list(
        engine.push(decode_bytes(engine.job.decoder(Ndjson()), line_of({"k": "x", "v": 1, "s": "a", "t": 1})))
    )
    parts = engine.snapshot()
    for crafted in (b"", parts[part][:-1], parts[part] + b"x", bytes(len(parts[part]))):
        with pytest.raises(ValueError, match=part):
            Engine(job_of(CALLS, {})).restore({**parts, part: crafted})
