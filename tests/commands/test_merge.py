"""Merges of reports that other programs wrote, that grew from run to run, that are damaged, or given twice."""

import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasketch import HyperLogLogPlusPlus
from hdrh.histogram import HdrHistogram
from tools.commands import Forks

from streamstat.kernels import BloomStates
from streamstat.sketches import hash_of

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
EVENTS = "".join(f'{{"ts": {60 * i}, "k": "{"ab"[i % 2]}", "u": "u{i % 7}", "v": {i}}}\n' for i in range(300))


def bloom(values: list[str]) -> bytes:
    states, slot = BloomStates(100), np.zeros(1, np.int32)
    states.resize(1)
    hashes = np.array([hash_of(each.encode()) for each in values], np.uint64)
    states.update(np.zeros(len(values), np.int32), hashes, np.full(len(values), 5, np.uint8))
    return bytes(states.filters(slot)[1].tobytes())


def row_of(hour: int, service: str) -> dict[str, object]:
    """A row as another program may write it."""
    sketch, histogram = HyperLogLogPlusPlus(p=12), HdrHistogram(1, 3_600_000, 3)
    for i in range(100 * (hour + 1)):
        sketch.update(f"{service}{i}".encode())
        histogram.record_value(i + 1)
    start = BEGIN + timedelta(hours=hour)
    edges = {"window_start": start, "window_end": start + timedelta(hours=1)}
    registers = bytes([12]) + sketch.reg.astype(np.int8).tobytes()
    states = {
        "hll_user": registers,
        "hdr_ms": histogram.encode(),
        "bloom_user": bloom([f"{service}{hour}", "x"]),
    }
    return {**edges, "service": service, "code": 200, "hits": 5, **states}


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Three hours of two services."""
    rows = [row_of(hour, service) for hour in range(3) for service in "xy"]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "foreign.parquet")
    return tmp_path


def test_reports_of_other_programs_merge_by_their_sketches(foreign: Path, forks: Forks) -> None:
    ended = forks.run(["merge", "-w", "tumbling:1d", "-f", "csv", "foreign.parquet"], b"", foreign, foreign)
    assert (ended.code, ended.err) == (
        0,
        "streamstat: left out, as neither a group nor a state: code, hits\n",
    )
    header, *rows = ended.out.splitlines()
    assert header.split(",")[2:] == ["service", "distinct_user", "p50_ms", "p95_ms", "p99_ms", "members_user"]
    assert [row.split(",")[4:] for row in rows] == [["100.0", "270.0", "294.0", "4"]] * 2
    assert [280 <= int(row.split(",")[3]) <= 320 for row in rows] == [True, True]


def test_other_columns_are_groups_if_they_are_named(foreign: Path, forks: Forks) -> None:
    words = ["merge", "-w", "all", "-b", "code", "-f", "csv", "foreign.parquet"]
    ended = forks.run(words, b"", foreign, foreign)
    assert (ended.code, "service, hits" in ended.err) == (0, True)
    assert [row.split(",")[2] for row in ended.out.splitlines()] == ["code", "200"]


@pytest.mark.parametrize(
    ("window", "code", "says"),
    [
        ([], 2, "--window: is missing, and foreign.parquet does not say which windows it has"),
        (["-w", "tumbling:30m"], 65, "is not within one of those that are wanted"),
        (["-w", "session:30m"], 65, "sessions are made of events"),
    ],
)
def test_windows_of_other_programs_are_told(
    window: list[str], code: int, says: str, foreign: Path, forks: Forks
) -> None:
    ended = forks.run(["merge", *window, "foreign.parquet"], b"", foreign, foreign)
    assert (ended.code, says in ended.err, ended.out) == (code, True, "")


def made(forks: Forks, folder: Path, *more: str, events: str = EVENTS) -> None:
    words = [
        "run",
        "-t",
        "ts",
        "-b",
        "k",
        "-a",
        "count()",
        "-a",
        "distinct(u)",
        "-a",
        "p50(v)",
        "-a",
        "last(v)",
    ]
    (folder / "events.ndjson").write_text(events)
    ended = forks.run([*words, "-a", "top(u)", *more, "events.ndjson"], b"", folder, folder)
    assert (ended.code, ended.err) == (0, "")


def test_a_report_that_grew_merges_as_one(tmp_path: Path, forks: Forks) -> None:
    lines = EVENTS.splitlines(keepends=True)
    for until in (120, 200, 300):
        more = ["--states", "--state", "state", "-o", "grown.parquet", *(["--flush"] if until == 300 else [])]
        made(forks, tmp_path, *more, events="".join(lines[:until]))
    assert len(list((tmp_path / "grown.parquet").iterdir())) == 3
    made(forks, tmp_path, "-w", "tumbling:1h", "-o", "one.csv")
    for given in (
        ["grown.parquet"],
        [f"grown.parquet/{each.name}" for each in sorted((tmp_path / "grown.parquet").iterdir())],
    ):
        words = ["merge", "-w", "tumbling:1h", "--states", "-o", "merged.csv", "-o", "merged.parquet", *given]
        assert forks.run(words, b"", tmp_path, tmp_path).code == 0
        assert (tmp_path / "merged.csv").read_text() == (tmp_path / "one.csv").read_text()
        metadata = pq.read_metadata(tmp_path / "merged.parquet").metadata
        assert b'"lines": 300,' in metadata[b"streamstat.ledger"]


def test_a_copy_of_a_report_is_known_again(tmp_path: Path, forks: Forks) -> None:
    made(forks, tmp_path, "--states", "-o", "a.parquet")
    shutil.copy(tmp_path / "a.parquet", tmp_path / "b.parquet")
    ended = forks.run(["merge", "a.parquet", "b.parquet"], b"", tmp_path, tmp_path)
    assert (ended.code, ended.out) == (65, "")
    assert (
        ended.err == "streamstat: b.parquet: is the same report as a.parquet; its events would count twice\n"
    )


def test_each_run_makes_another_report(tmp_path: Path, forks: Forks) -> None:
    for name in "ab":
        made(forks, tmp_path, "--states", "-o", f"{name}.parquet")
    ended = forks.run(
        ["merge", "-b", "", "-w", "all", "-f", "csv", "a.parquet", "b.parquet"], b"", tmp_path, tmp_path
    )
    assert (ended.code, ended.out.splitlines()[1].split(",")[2]) == (0, "600")


def test_damaged_states_are_refused_or_harmless(tmp_path: Path, forks: Forks) -> None:
    made(forks, tmp_path, "--states", "-o", "whole.parquet")
    table, chosen = pq.read_table(tmp_path / "whole.parquet"), random.Random(5)
    told = pq.read_metadata(tmp_path / "whole.parquet").metadata
    told = {key: value for key, value in told.items() if key.startswith(b"streamstat.")}
    states = [name for name in table.column_names if name.startswith("state_")]
    refused = 0
    for i in range(40):
        name = states[i % len(states)]
        cells: list[bytes | None] = table[name].to_pylist()
        row = chosen.randrange(len(cells))
        cells[row] = damaged(cells[row] or b"", chosen)
        changed = table.set_column(table.column_names.index(name), name, pa.array(cells, pa.binary()))
        pq.write_table(changed.replace_schema_metadata(told), tmp_path / "damaged.parquet")
        ended = forks.run(["merge", "-w", "all", "-f", "csv", "damaged.parquet"], b"", tmp_path, tmp_path)
        assert ended.code in (0, 65)
        if ended.code:
            refused += 1
            assert ended.err.startswith("streamstat: damaged.parquet: has states that cannot be read: ")
            assert ended.err.count("\n") == 1
    assert refused > 10


def damaged(state: bytes, chosen: random.Random) -> bytes | None:
    """Cut short, one byte changed, bytes repeated, or gone."""
    place = chosen.randrange(len(state) + 1)
    match chosen.randrange(4):
        case 0:
            return state[:place]
        case 1:
            return state[:place] + bytes([chosen.randrange(256)]) + state[place + 1 :]
        case 2:
            return state[:place] + state[: 1 + place] + state[place:]
    return None
