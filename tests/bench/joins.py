"""Jobs of `streamstat join` beside DuckDB's joins, and the streams that they are over.

`joins.py STREAM EVENTS FILE` writes a stream: seeded events of 300 bytes in the order of time, the same each time.
`joins.py DuckDB JOB LEFT RIGHT THREADS` joins two of them, rows to CSV.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from contenders import Contender, rows_of
from data import FOLDER
from patterns import BEGIN_MS, BYTES, Fields

GOODS = 10_000
EACH_VERSION = 10  # so many orders to a version of a price


def requests(random_: random.Random) -> Iterator[Fields]:
    """A request a millisecond, each with an id of its own."""
    for number in count():
        yield f'"ts":{BEGIN_MS + number}', f'"id":"r{number:08}"', f'"path":"/p/{random_.randrange(1000)}"'


def responses(random_: random.Random) -> Iterator[Fields]:
    """Their responses: of fifty requests one has none, and a quarter of the others come too late."""
    due: dict[int, list[int]] = {}
    for time in count():
        if random_.random() < 0.98:
            due.setdefault(time + random_.randrange(1, 40_000), []).append(time)
        for each in due.pop(time, ()):
            yield f'"ts":{BEGIN_MS + time}', f'"id":"r{each:08}"', '"status":200'


def orders(random_: random.Random) -> Iterator[Fields]:
    """An order of one of ten thousand goods a millisecond."""
    for number in count():
        yield f'"ts":{BEGIN_MS + number}', f'"good":"g{random_.randrange(GOODS):05}"', f'"order":{number}'


def prices(random_: random.Random) -> Iterator[Fields]:
    """Versions of their prices."""
    for number in count():
        ts, price = BEGIN_MS + number * EACH_VERSION, random_.randrange(1, 10_000)
        yield f'"ts":{ts}', f'"good":"g{random_.randrange(GOODS):05}"', f'"price":{price}'


STREAMS: dict[str, Callable[[random.Random], Iterator[Fields]]] = {
    each.__name__: each for each in (requests, responses, orders, prices)
}


@dataclass(frozen=True)
class Joined:
    """A job: its streams, how many events of the left one there are to one of the right, and what it is asked."""

    left: str
    right: str
    each: int
    words: tuple[str, ...]
    sql: str  # over `l` and `r`
    columns: tuple[str, str]  # those of each side that DuckDB reads beside `ts`, with their types


JOINS = {
    "joins, response to request in 30s": Joined(
        "requests",
        "responses",
        1,
        ("--on", "id", "--within", "0s..30s", "-s", "ms=responses.ts - requests.ts"),
        "SELECT r.ts, l.id, l.ts, r.ts, r.ts - l.ts FROM l JOIN r ON l.id = r.id AND r.ts - l.ts BETWEEN 0 AND 30000",
        ("id: 'VARCHAR'", "id: 'VARCHAR'"),
    ),
    "joins, price as of an order": Joined(
        "orders",
        "prices",
        EACH_VERSION,
        ("--on", "good", "--as-of", "-s", "order=orders.order", "-s", "price=prices.price"),
        'SELECT l.ts, l.good, l.ts, r.ts, l."order", r.price FROM l ASOF JOIN r ON l.good = r.good AND l.ts >= r.ts',
        ("good: 'VARCHAR', \"order\": 'BIGINT'", "good: 'VARCHAR', price: 'BIGINT'"),
    ),
}


def joining(name: str, events: int) -> list[Contender]:
    """A job by streamstat and by DuckDB, over so many left events."""
    job = JOINS[name]
    left, right = left_of(name, events), stream_of(job.right, events // job.each)
    streamstat = [str(Path(sys.executable).parent / "streamstat"), "join", f"{job.left}={left}"]
    shared = ["--time", "ts", "--delay", "10s", "--threads", "2", "--quiet"]
    output = ["--output", str(rows_of(left, "streamstat"))]
    duckdb = [sys.executable, __file__, "DuckDB", name, str(left), str(right), "2"]
    commands = {
        "streamstat": [*streamstat, f"{job.right}={right}", *job.words, *shared, *output],
        "DuckDB": duckdb,
    }
    size = left.stat().st_size + right.stat().st_size
    return [
        Contender(name, tool, words, 2, events + events // job.each, size) for tool, words in commands.items()
    ]


def left_of(name: str, events: int) -> Path:
    """The left stream of a job, beside which the rows are."""
    return stream_of(JOINS[name].left, events)


def stream_of(name: str, events: int) -> Path:
    """The file of a stream, made now if it is not there; in a process of its own, as peaks are told of children."""
    path = FOLDER / f"join-{name}-{events}.ndjson"
    if not path.exists():
        part = path.with_suffix(".part")
        subprocess.run([sys.executable, __file__, name, str(events), str(part)], check=True)
        part.rename(path)
    return path


def write(name: str, events: int, path: Path) -> None:
    """The stream as NDJSON."""
    with path.open("w", encoding="ascii") as file:
        for fields in islice(STREAMS[name](random.Random(5)), events):
            body = ",".join(fields)
            pad = "p" * (BYTES - len(body) - len('{,"pad":""}\n'))
            file.write(f'{{{body},"pad":"{pad}"}}\n')


def duckdb(name: str, left: Path, right: Path, threads: int) -> None:
    """The job in SQL, with the types of columns given; rows in any order."""
    import duckdb as database

    job = JOINS[name]
    connection = database.connect()
    connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false")
    for side, path, columns in (("l", left, job.columns[0]), ("r", right, job.columns[1])):
        types = f"{{ts: 'BIGINT', {columns}}}"
        source = f"read_json('{path}', format = 'newline_delimited', columns = {types})"
        connection.execute(f"CREATE VIEW {side} AS SELECT * FROM {source}")
    connection.execute(f"COPY ({job.sql}) TO '{rows_of(left, 'DuckDB')}'")


if __name__ == "__main__":
    if sys.argv[1] == "DuckDB":
        duckdb(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]))
    else:
        write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
