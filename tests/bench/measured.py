"""What `bench.py` measures, each in a process of its own: `decode FILE`, `duckdb-... FILE THREADS`.

`decode` tells on stdout the decoder's own seconds, of its core's time, so that other work on the machine does not
count; the others are measured from outside by the clock, start and end included.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

MAX_BYTES = 512 << 20  # of the file for `decode`: held in memory, as blocks
BLOCK_BYTES = 4 << 20
TYPES = {
    "occurred_at": "BIGINT",
    "sent_at": "BIGINT",
    "received_at": "BIGINT",
    "device_id": "VARCHAR",
    "country": "VARCHAR",
    "latency_ms": "DOUBLE",
    "bytes": "BIGINT",
}
SIX = tuple(TYPES)[:6]
CORRECTED = "CASE WHEN sent_at < occurred_at THEN received_at ELSE occurred_at + received_at - sent_at END"
TUMBLING = f"""
    SELECT ({CORRECTED}) // 60000 AS minute, country, count(*), approx_count_distinct(device_id),
      approx_quantile(latency_ms, 0.5), approx_quantile(latency_ms, 0.95), approx_quantile(latency_ms, 0.99),
      sum(bytes), max(latency_ms)
    FROM events GROUP BY ALL ORDER BY ALL"""
SCAN = "SELECT " + ", ".join(
    f"max({'hash(' + name + ')' if TYPES[name] == 'VARCHAR' else name})" for name in SIX
)


def blocks(path: Path) -> Iterator[bytes]:
    """The file's first lines, in blocks of whole lines."""
    with path.open("rb") as file:
        while file.tell() < MAX_BYTES and (data := file.read(BLOCK_BYTES)):
            yield data + file.readline()


def decode(path: Path) -> None:
    """One core, six fields: three times, a hash, codes, numbers."""
    from streamstat.batch import Need
    from streamstat.decode import Projection, padded

    needs = (Need.TIME, Need.TIME, Need.TIME, Need.HASH, Need.CODE, Need.NUMBER)
    projection = Projection(dict(zip(SIX, needs, strict=True)))
    held = [padded(data) for data in blocks(path)]
    passes = []
    for _ in range(3):
        begin = time.thread_time()
        events = sum(projection.decode(block).rows for block in held)
        passes.append(time.thread_time() - begin)
    sys.stdout.write(f"{sorted(passes)[1]} {events} {sum(len(block) for block in held)}\n")


def duckdb(path: Path, threads: int, select: str, names: tuple[str, ...]) -> None:
    """A query over the same file, with the types of its columns given, rows to CSV."""
    import duckdb as database

    columns = ", ".join(f"{name}: '{TYPES[name]}'" for name in names)
    source = f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"
    connection = database.connect()
    connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false")
    rows = select if " FROM " in select else f"{select} FROM events"
    connection.execute(f"COPY (WITH events AS (FROM {source}) {rows}) TO '{path}.duckdb.csv'")


if __name__ == "__main__":
    file = Path(sys.argv[2])
    match sys.argv[1]:
        case "decode":
            decode(file)
        case "duckdb-scan":
            duckdb(file, int(sys.argv[3]), SCAN, SIX)
        case "duckdb-tumbling":
            duckdb(file, int(sys.argv[3]), TUMBLING, tuple(TYPES))
