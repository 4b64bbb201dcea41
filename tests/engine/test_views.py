"""Views of random logs in every format: what the plain twin has, whatever the blocks, threads and restarts."""

import os
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle.changes import Log, at, parsed
from oracle.views import View
from tools.change_history import KEY, history, rows_after
from tools.change_logs import (
    KEYLESS,
    NAMES,
    POSITIONED,
    SNAPSHOTS,
    TRUNCATING,
    delivered_again,
    log_in,
    snapshot_in,
    spelt,
)
from tools.view_runs import job_of_view, plain_changelog, plain_report, run_restarting, run_view, twin_of

from streamstat.changes.telling import format_told
from streamstat.common.errors import StreamstatError
from streamstat.common.units import parse_time
from streamstat.common.zones import Zone
from streamstat.engine.engine import Engine
from streamstat.input.events import decode_bytes
from streamstat.input.formats.ndjson import Ndjson
from streamstat.plan.view_options import ViewOptions

EXAMPLES = 30 * int(os.environ.get("TORTURE") or 1)  # of each format
TIMES = ("source.ts_ms", "payload.source.ts_ms", "__source_ts_ms", "es", "wallTime.$date.$numberLong")
TEXTS = ("timestamp", "metadata.commit-timestamp")


def time_of(line: str) -> int | None:
    """The second in which a change was made, as the formats of logs have it."""
    record: Any = parsed(line)
    inner = parsed(record["payload"]) if isinstance(record.get("payload"), str) else None
    if inner is not None and (found := _time_in(inner)) is not None:
        return found
    return _time_in(record)


def _time_in(record: Any) -> int | None:
    for path in TIMES:
        if (found := at(record, path)) is not None:
            return int(getattr(found, "spelling", found)) // 1000
    for path in TEXTS:
        if isinstance(found := at(record, path), str):
            return parse_time(found, Zone()) // 1_000_000
    found = at(record, "data.ts") or at(record, "ts")
    if found is None:
        return None
    number = int(found.spelling)
    return number // 1000 if "topic" in record else number


class Case:
    """A random log, and what the twin makes of it."""

    def __init__(self, name: str, seed: int) -> None:
        random = self.random = Random(seed)
        self.history = history(random, truncates=name in TRUNCATING)
        parts = log_in(name, self.history, random)
        if name in POSITIONED:
            parts = delivered_again(parts, random)
        if name in SNAPSHOTS and random.random() < 0.5:
            place = random.randint(0, len(self.history))
            rows = list(rows_after(self.history[:place]).values())
            behind = random.randint(place, len(parts))
            parts.insert(behind, snapshot_in(name, rows, 1_700_000_000))
        self.lines = [line for lines in parts for line in lines]
        told = format_told(line.encode() for line in self.lines)
        assert told is not None
        self.told = told
        self.key = (KEY,) if name in KEYLESS else None
        self.own = ViewOptions(
            key=self.key or (), deleted="gone" if "upsert" in name else None, changelog=True
        )
        inner = {"kcat debezium": "debezium"}.get(name, "upsert")
        self.log = Log(told, self.key, inner=inner, deleted=lambda record: record.get("gone") is True)
        for line in self.lines:
            self.log.read(line)
        self.twin: View = twin_of(self.log, [time_of(line) for line in self.lines])
        inside = self.log.memory.get("log")
        self.names = self.log.key or (inside and inside.key) or ()

    @property
    def data(self) -> bytes:
        return "".join(f"{line}\n" for line in self.lines).encode()

    def cut(self) -> list[bytes]:
        n, random = len(self.lines), self.random
        places = sorted({0, n, *(random.randint(0, n) for _ in range(random.randint(0, 5)))})
        return ["".join(f"{line}\n" for line in self.lines[lo:hi]).encode() for lo, hi in pairwise(places)]

    def check(self, told: Any) -> None:
        assert told.changelog == plain_changelog(self.twin, self.names)
        assert told.report == plain_report(self.twin, self.names)
        stale = len(self.twin.stale)
        gave = {each.record for each in self.twin.applied} - set(self.log.bad)
        assert (told.ledger["stale"], told.ledger["counted"]) == (stale, len(gave))
        assert told.ledger["filtered"] == len(self.lines) - len(gave) - len(self.log.bad)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**32), block_bytes=st.integers(64, 4096), threads=st.integers(1, 3))
def test_a_view_is_that_of_the_twin_whatever_the_blocks(
    name: str, seed: int, block_bytes: int, threads: int
) -> None:
    case = Case(name, seed)
    case.check(run_view(case.data, job_of_view(case.own), threads=threads, block_bytes=block_bytes))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**32))
def test_going_on_from_a_snapshot_is_not_stopping(name: str, seed: int) -> None:
    case = Case(name, seed)
    job = job_of_view(case.own)

    def restart(engine: Engine) -> Engine:
        if case.random.random() < 0.5:
            return engine
        other = Engine(job)
        other.restore(engine.snapshot())
        return other

    case.check(run_restarting(case.cut(), job, case.told, restart))


@pytest.mark.parametrize("name", POSITIONED)
@settings(max_examples=EXAMPLES)
@given(seed=st.integers(0, 2**32))
def test_a_log_that_is_delivered_again_gives_the_rows_that_are_left(name: str, seed: int) -> None:
    random = Random(seed)
    transactions = history(random, truncates=name in TRUNCATING)
    parts = log_in(name, transactions, random)
    lines = [line for lines in delivered_again(parts, random) for line in lines]
    own = ViewOptions(key=(KEY,) if name in KEYLESS else (), deleted="gone" if "upsert" in name else None)
    told = run_view("".join(f"{line}\n" for line in lines).encode(), job_of_view(own))
    key = "_id" if name == "mongodb" else KEY
    left = {spelt(row[KEY]): row for row in rows_after(transactions).values()}
    rows = {spelt(row[key]): row for row in map(parsed, told.report)}
    assert rows.keys() == left.keys()
    for number, row in rows.items():
        assert {each: row[each] for each in left[number]} == left[number]


def test_no_log_is_an_empty_view() -> None:
    told = run_view(b"", job_of_view(ViewOptions(key="id")))
    assert (told.report, told.changelog) == ([], [])


@given(seed=st.integers(0, 2**32))
def test_damaged_state_is_refused_or_another_view(seed: int) -> None:
    random = Random(seed)
    case = Case(random.choice(NAMES), seed)
    job = job_of_view(case.own)
    engine = Engine(job)
    engine.begin_input(0, False)
    engine.tell_changes(case.told)
    blocks = case.cut()
    half = len(blocks) // 2
    for block in blocks[:half]:
        list(engine.push(decode_bytes(engine.job.decoder(Ndjson()), block)))
    parts = engine.snapshot()
    damaged = bytearray(parts["views"])
    for _ in range(random.randint(1, 3)):
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    other = Engine(job)
    try:
        other.restore({**parts, "views": bytes(damaged)})
        for block in blocks[half:]:
            list(other.push(decode_bytes(other.job.decoder(Ndjson()), block)))
        list(other.finish())
        list(other.whole(last=True))
    except (ValueError, IndexError, OverflowError, StreamstatError):
        pass
