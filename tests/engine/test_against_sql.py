"""Sessions and trailing windows against SQL: gaps-and-islands, and RANGE BETWEEN ... PRECEDING AND CURRENT ROW."""

import json
import random
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import streamstat
from streamstat import Plan

SAMPLE = Path(__file__).parents[2] / "samples" / "web" / "events.ndjson"
GAP_US, SIZE_US = 30_000_000, 300_000_000

SESSIONS = """
WITH marked AS (
  SELECT *, coalesce(us - lag(us) OVER w > {gap}, true) AS begins FROM events WINDOW w AS (PARTITION BY g ORDER BY us)
), numbered AS (
  SELECT *, count(*) FILTER (begins) OVER (PARTITION BY g ORDER BY us) AS island FROM marked
)
SELECT min(us), max(us) + {gap}, g, count(*), max(v) FROM numbered GROUP BY g, island
"""
TRAILING = """
SELECT DISTINCT us - {size}, us, g, count(*) OVER w, max(v) OVER w, min(v) OVER w, count(DISTINCT v) OVER w
FROM events WINDOW w AS (PARTITION BY g ORDER BY us RANGE BETWEEN {size} PRECEDING AND CURRENT ROW)
"""


def generated(n: int) -> bytes:
    """Events of 500 groups, in some disorder, many at the same time."""
    random_source = random.Random(20261123)
    lines = []
    for i in range(n):
        time = i * 40 + random_source.randrange(-20_000, 20_000)
        group, value = f"d{random_source.randrange(500)}", random_source.randrange(1000)
        lines.append(json.dumps({"ts": time, "g": group, "v": value}))
    return "\n".join(lines).encode()


def in_sql(
    query: str, data: bytes, tmp_path: Path, time: str, group: str, value: str
) -> list[tuple[object, ...]]:
    """The rows that DuckDB gives for the same events."""
    path = tmp_path / "events.ndjson"
    path.write_bytes(data)
    columns = f"{{{time}: 'VARCHAR', {group}: 'VARCHAR', {value}: 'DOUBLE'}}"
    source = f"read_json('{path}', format='newline_delimited', columns={columns})"
    connection = duckdb.connect()
    us = f"CASE WHEN {time} ~ '^-?[0-9]+$' THEN {time}::BIGINT * 1000 ELSE epoch_us({time}::TIMESTAMPTZ) END"
    connection.execute(f"CREATE TABLE events AS SELECT {us} AS us, {group} AS g, {value} AS v FROM {source}")
    return in_order(connection.execute(query.format(gap=GAP_US, size=SIZE_US)).fetchall())


def in_rows(table: pa.Table) -> list[tuple[object, ...]]:
    """Result rows with times as microseconds."""
    columns = [
        column.cast(pa.int64()).to_pylist() if pa.types.is_timestamp(column.type) else column.to_pylist()
        for column in table.columns
    ]
    return in_order(list(zip(*columns, strict=True)))


def in_order(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The same rows sorted, their numbers as doubles: SQL has one type a column."""
    return sorted((tuple(float(v) if isinstance(v, int) else v for v in row) for row in rows), key=repr)


def events_of(source: str) -> tuple[bytes, str, str, str]:
    if source == "generated":
        return generated(100_000), "ts", "g", "v"
    usable = [line for line in SAMPLE.read_bytes().splitlines() if is_usable(line)]
    return b"\n".join(usable), "time", "visitor", "latency_ms"


def is_usable(line: bytes) -> bool:
    """Whether SQL's strict reader takes the line: an object whose latency is a number or missing."""
    try:
        event = json.loads(line, parse_constant=lambda name: float(f"no {name}"))
    except ValueError:
        return False
    return isinstance(event, dict) and isinstance(event.get("latency_ms", 0.0), int | float)


@pytest.mark.parametrize("source", ["generated", "sample"])
@pytest.mark.parametrize("threads", [1, 2])
def test_sessions_are_gaps_and_islands(source: str, threads: int, tmp_path: Path) -> None:
    data, time, group, value = events_of(source)
    agg = ("count()", f"max({value})")
    plan = Plan(window="session:30s", by=[group], agg=agg, time=time, time_unit="ms")
    rows = in_rows(streamstat.run(plan, [data], threads=threads))
    assert len(rows) > 100
    assert in_sql(SESSIONS, data, tmp_path, time, group, value) == rows


@pytest.mark.parametrize(("source", "delay"), [("generated", "inf"), ("generated", "1m"), ("sample", "inf")])
def test_sliding_windows_are_ranges_of_preceding_rows(source: str, delay: str, tmp_path: Path) -> None:
    data, time, group, value = events_of(source)
    agg = ("count()", f"max({value})", f"min({value})", f"distinct({value})")
    plan = Plan(window="sliding:5m", by=[group], agg=agg, time=time, time_unit="ms", delay=delay)
    rows = in_rows(streamstat.run(plan, [data]))
    assert len(rows) > 100
    assert in_sql(TRAILING, data, tmp_path, time, group, value) == rows
