"""Compacted logs give the same view, whatever was in the log, however it was cut; compacting twice changes nothing."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.change_history import KEY, TABLE, history, rows_after
from tools.change_logs import (
    OPTIONS,
    PLACEHOLDER,
    POSITIONED,
    TRUNCATING,
    delivered_again,
    log_in,
    snapshot_in,
    whole,
)

from streamstat.common.errors import InputError
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.engine.views import compaction
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.sources.inputs import Inputs, bytes_input
from streamstat.output.sinks.csv import CsvSink
from streamstat.output.sinks.files import Stream
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.plan.view_options import ViewOptions
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import ResultField

thorough = settings(max_examples=150, deadline=None, print_blob=True)
NAMES = (
    "upsert",
    "debezium",
    "debezium mysql",
    "debezium schema",
    "debezium flat",
    "kcat debezium",
    "kcat upsert",
)
DELETED = "gone"


@dataclass
class Rewritten:
    """A watcher that keeps the rows of a view, as CSV, and the log that is written anew."""

    view: str = ""
    log: list[bytes] = field(default_factory=list)

    def published(self, publication: Publication) -> None:
        if publication.log is not None:
            self.log += publication.log
        if publication.changelog is not None:
            from io import BytesIO

            file = BytesIO()
            sink = CsvSink(Stream(file))
            sink.open(publication.changelog.fields)
            sink.write(publication.changelog)
            self.view += file.getvalue().decode()

    def opened(
        self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]
    ) -> None: ...
    def time_found(self, field: str) -> None: ...
    def format_found(self, input: str, format: str) -> None: ...
    def bad_line(self, place: BadPlace, line: bytes) -> None: ...
    def over_long_line(self, place: BadPlace, size: int) -> None: ...
    def late_line(self, of: int, line: bytes) -> None: ...
    def heading(self, line: bytes) -> None: ...
    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None: ...
    def lost_lines(self, lines: Iterator[bytes]) -> None: ...
    def promised(self, of: int, time: int) -> None: ...
    def too_far_ahead(self, places: Iterator[BadPlace]) -> None: ...
    def progress(self, ledger: Ledger) -> None: ...


def compacted(name: str, log: bytes, block_bytes: int = 1 << 20, drops_tombstones: bool = False) -> Rewritten:
    """A log in a format, and its view."""
    deleted = DELETED if "upsert" in name else None
    own = ViewOptions(
        key=KEY if "--key" in OPTIONS[name] else (), deleted=deleted, drop_tombstones=drops_tombstones
    )
    job = job_of(Plan(own=own))
    job = replace(job, kept=replace(job.kept, compacts=True))  # type: ignore[type-var]
    seen = Rewritten()
    LocalRunner(job, ReadOnce(Inputs([bytes_input(log, "log")]), Limits(block_bytes)), seen).run()
    return seen


def columns_of(view: str) -> list[list[str]]:
    """The columns of a view, by name: they stand in the order in which a log names them first."""
    return sorted(map(list, zip(*csv.reader(io.StringIO(view)), strict=True)))


def log_of(name: str, seed: int, repeats: bool, snapshots: bool) -> tuple[bytes, dict[str, object]]:
    """A random log, and the rows that are left."""
    random = Random(seed)
    made = history(random, transactions=random.randint(1, 12), truncates=name in TRUNCATING)
    parts = log_in(name, made, random)
    if repeats and name in POSITIONED:
        parts = delivered_again(parts, random)
    if snapshots and name in ("debezium", "debezium mysql"):
        place = random.randint(0, len(made))
        rows = snapshot_in(name, list(rows_after(made[:place]).values()), 1)
        parts.insert(place, [row.replace('"schema"', '"db":"d","schema"') for row in rows])
    return whole(parts).encode(), dict(rows_after(made))


@pytest.mark.parametrize("name", NAMES)
@thorough
@given(
    st.integers(0, 10**6),
    st.booleans(),
    st.booleans(),
    st.sampled_from([1, 300, 1 << 20]),
    st.booleans(),
    st.booleans(),
)
def test_the_view_stays_the_same(
    name: str, seed: int, repeats: bool, snapshots: bool, block_bytes: int, drops: bool, crowded: bool
) -> None:
    log, rows = log_of(name, seed, repeats, snapshots)
    before, compaction.FEW_RECORDS = compaction.FEW_RECORDS, 0 if crowded else compaction.FEW_RECORDS
    try:
        first = compacted(name, log, block_bytes, drops)
    except InputError as error:
        assert PLACEHOLDER in log.decode() and "leaves a value out" in str(error)
        return
    finally:
        compaction.FEW_RECORDS = before
    lines = iter(log.splitlines(keepends=True))
    assert all(line in lines for line in first.log)  # byte for byte, in the order of the log
    assert len(first.view.splitlines()) == 1 + len(rows)
    if not first.log:
        assert not rows
        return
    second = compacted(name, b"".join(first.log), drops_tombstones=drops)
    assert (
        columns_of(second.view) == columns_of(first.view) or not rows
    )  # then no record may be left that has a key
    assert second.log == first.log
    truncates = sum(b'"op":"t"' in line.replace(b"\\", b"") for line in first.log)
    assert truncates <= 1
    if drops:
        assert len(first.log) - truncates == len(rows)


def moving(random: Random) -> list[str]:
    """Changes of Debezium in which a row gets another key, or a table is emptied, in one record."""
    lines = []
    for position in range(random.randint(1, 25)):
        keys = [random.randint(1, 4), random.randint(1, 4)]
        op = random.choice(["u", "u", "u", "c", "d", "d", *(["t"] if random.random() < 0.3 else [])])
        place = position - random.choice([0, 0, 0, 0, 3])  # some come too late for their key
        source = {"ts_ms": 1000 * position, "table": TABLE, "sequence": json.dumps([str(1000 + place), "1"])}
        before = {KEY: keys[0]} if op in "ud" else None
        after = {KEY: keys[1], "v": position, f"only{position % 3}": None} if op in "uc" else None
        lines.append(json.dumps({"before": before, "after": after, "op": op, "source": source}) + "\n")
    return lines


@thorough
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([1, 300, 1 << 20]))
def test_a_record_that_moves_a_row_is_the_last_of_both_keys(seed: int, drops: bool, block_bytes: int) -> None:
    first = compacted("debezium", "".join(moving(Random(seed))).encode(), block_bytes, drops)
    if first.log:
        second = compacted("debezium", b"".join(first.log), drops_tombstones=drops)
        assert (columns_of(second.view), second.log) == (columns_of(first.view), first.log)
