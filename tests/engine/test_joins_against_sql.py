"""Joins against SQL: range joins of all kinds and ASOF, over a hundred thousand events out of order."""

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from tools.commands import run

EVENTS, KEYS, DISORDER_MS = 100_000, 2_000, 20_000
ORIGIN_MS = 1_767_225_600_000
Row = tuple[str, ...]  # the key, the numbers of a left and a right event; empty for none


class Sides(NamedTuple):
    """Tables `l` and `r` of a database, and the folder that has `l.csv` and `r.csv`."""

    database: duckdb.DuckDBPyConnection
    folder: Path


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    """Halves of the events. Each time is there once, so that nothing hangs on ties; one of twenty events has no key."""
    folder = tmp_path_factory.mktemp("sides")
    source = random.Random(20261130)
    times = source.sample(range(0, EVENTS * 40, 20), EVENTS)  # so that some are as far apart as is allowed
    times.sort(key=lambda time: time + source.randrange(DISORDER_MS))
    connection = duckdb.connect()
    for side in ("l", "r"):
        mine = times[side == "r" :: 2]
        keys = (f"k{source.randrange(KEYS)}" if source.randrange(20) else "" for _ in mine)
        lines = (f"{ORIGIN_MS + t},{key},{n}\n" for n, (t, key) in enumerate(zip(mine, keys, strict=True)))
        (folder / f"{side}.csv").write_text("ts,k,n\n" + "".join(lines))
        columns = "{'ts': 'BIGINT', 'k': 'VARCHAR', 'n': 'VARCHAR'}"
        source_of = f"read_csv('{folder}/{side}.csv', header = true, columns = {columns})"
        connection.execute(f"CREATE TABLE {side} AS SELECT * FROM {source_of}")
    yield Sides(connection, folder)
    connection.close()


def in_sql(sides: Sides, join: str) -> list[Row]:
    """What DuckDB gives."""
    rows = sides.database.execute(f"SELECT coalesce(l.k, r.k), l.n, r.n FROM {join}").fetchall()
    return sorted(tuple(value or "" for value in row) for row in rows)


def joined(sides: Sides, options: Sequence[str], folder: Path) -> list[Row]:
    """What `streamstat join` gives, nothing lost."""
    words = ["join", "l=l.csv", "r=r.csv", "--on", "k", "--delay", "30s", "-s", "ln=l.n", "-s", "rn=r.n"]
    ended = run([*words, *options, "-o", str(folder / "rows.csv")], cwd=sides.folder)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    with (folder / "rows.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 1000
    return sorted((row["k"], row["ln"], row["rn"]) for row in rows)


NEAR = "l.k = r.k AND r.ts - l.ts BETWEEN -60000 AND 90000"
ONCE = "(SELECT * FROM l WHERE {} (SELECT 1 FROM r WHERE {})) l LEFT JOIN (SELECT * FROM r LIMIT 0) r ON true"
RANGES = {
    "inner": f"l JOIN r ON {NEAR}",
    "left": f"l LEFT JOIN r ON {NEAR}",
    "right": f"l RIGHT JOIN r ON {NEAR}",
    "outer": f"l FULL JOIN r ON {NEAR}",
    "semi": ONCE.format("EXISTS", NEAR),
    "anti": ONCE.format("NOT EXISTS", NEAR),
}


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize("kind", RANGES)
def test_within_is_a_range_join(sides: Sides, kind: str, threads: str, tmp_path: Path) -> None:
    options = ("--within", "-60s..90s", "--kind", kind, "--threads", threads)
    assert joined(sides, options, tmp_path) == in_sql(sides, RANGES[kind])


@pytest.mark.parametrize(
    ("pick", "order"), [("first", "r.ts"), ("last", "-r.ts"), ("nearest", "abs(r.ts - l.ts), r.ts")]
)
def test_pick_is_the_first_row_of_each_left_event(
    sides: Sides, pick: str, order: str, tmp_path: Path
) -> None:
    chosen = f"row_number() OVER (PARTITION BY l.n ORDER BY {order})"
    inside = f"SELECT l.k, l.n AS ln, r.n AS rn FROM l JOIN r ON {NEAR} QUALIFY {chosen} = 1"
    rows = sides.database.execute(inside).fetchall()
    assert joined(sides, ("--within", "-60s..90s", "--pick", pick), tmp_path) == sorted(rows)


@pytest.mark.parametrize(("kind", "join"), [("inner", "ASOF JOIN"), ("left", "ASOF LEFT JOIN")])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_as_of_is_asof(sides: Sides, kind: str, join: str, threads: str, tmp_path: Path) -> None:
    options = ("--as-of", "--kind", kind, "--threads", threads)
    assert joined(sides, options, tmp_path) == in_sql(sides, f"l {join} r ON l.k = r.k AND l.ts >= r.ts")
