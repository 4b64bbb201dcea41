"""What `bench.py` measures of others, each in a process of its own: `measured.py TOOL JOB FILE THREADS`.

`decode` tells on stdout the decoder's own seconds, of its core's time, so that other work on the machine does not
count; the others are measured from outside by the clock, start and end included, and write rows to FILE.TOOL.csv.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from queries import CLICKHOUSE, DUCKDB, FIELDS, SIX, TYPES
from written import ASKED, LOG_FORMAT

U8 = npt.NDArray[np.uint8]
MAX_BYTES = 512 << 20  # of the file for `decode`: held in memory, as blocks


def blocks(path: Path, format: str) -> Iterator[tuple[Any, U8]]:
    """The file's first records, in blocks: each with the format at its beginning."""
    from streamstat.input.blocks.items import Block
    from streamstat.input.blocks.sequential import open_blocks
    from streamstat.input.detection import asked, choice
    from streamstat.input.events import padded
    from streamstat.input.formats import FormatOptions
    from streamstat.input.sources.inputs import file_input

    given = asked(LOG_FORMAT if format == "log_format" else format, FormatOptions())
    with open_blocks([file_input(path)], choose=choice(given, growing=False)) as items:
        for item in items:
            if isinstance(item, Block):
                yield item.format, padded(item.tobytes())
                item.release()
                if item.position > MAX_BYTES:
                    return


def decode(format: str, path: Path) -> None:
    """One core: three times, a hash, codes, numbers of `ndjson`, one of each kind of another format."""
    from streamstat.input.events import decoder_of
    from streamstat.values.columns import Need

    needs: tuple[Need, ...] = (Need.TIME, Need.HASH, Need.CODE, Need.NUMBER)
    if format == "all six":
        format, needs, names = "ndjson", (Need.TIME, Need.TIME, *needs), SIX
    else:
        names = ASKED[format]
    fields = dict(zip(names, needs, strict=True))
    held = [(decoder_of(each, fields), block) for each, block in blocks(path, format)]
    passes = []
    for _ in range(3):
        begin = time.thread_time()
        events = sum(decoder.decode(block).rows for decoder, block in held)
        passes.append(time.thread_time() - begin)
    sys.stdout.write(f"{sorted(passes)[1]} {events} {sum(len(block) for _, block in held)}\n")


def duckdb(job: str, path: Path, threads: int) -> None:
    """A query over the file, with the types of its columns given, rows to CSV."""
    import duckdb as database

    columns = ", ".join(f"{name}: '{TYPES[name]}'" for name in FIELDS.get(job, ()))
    if path.suffix == ".csv":
        source = f"read_csv('{path}', header = true)"
    elif path.suffix == ".combined":
        line = "delim = '\\x01', quote = '', escape = '', header = false, columns = {'line': 'VARCHAR'}"
        source = f"read_csv('{path}', {line})"
    else:
        source = f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"
    connection = database.connect()
    connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = false")
    rows = DUCKDB[job].replace("FROM events", f"FROM {source}")
    connection.execute(f"COPY ({rows}) TO '{path}.DuckDB.csv'")


def polars(path: Path, threads: int) -> None:
    """The main job, lazily, streaming to CSV."""
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars as frames

    types = {"BIGINT": frames.Int64, "VARCHAR": frames.String, "DOUBLE": frames.Float64}
    schema = {name: types[TYPES[name]] for name in FIELDS["tumbling"]}
    occurred, sent, received = (frames.col(name) for name in SIX[:3])
    corrected = frames.when(sent < occurred).then(received).otherwise(occurred + received - sent)
    latency = frames.col("latency_ms")
    (
        frames.scan_ndjson(path, schema=schema)
        .group_by((corrected // 60_000).alias("minute"), "country")
        .agg(
            frames.len(),
            frames.col("device_id").approx_n_unique(),
            *(latency.quantile(q).alias(f"q{q}") for q in (0.5, 0.95, 0.99)),
            frames.col("bytes").sum(),
            latency.max(),
        )
        .sort("minute", "country")
        .sink_csv(f"{path}.Polars.csv")
    )


def clickhouse(path: Path, threads: int) -> None:
    """The main job in an embedded ClickHouse."""
    import chdb

    run: Any = chdb.query
    run(CLICKHOUSE.format(path=path, out=f"{path}.ClickHouse.csv", threads=threads))


if __name__ == "__main__":
    tool, job, file, threads = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    match tool:
        case "decode":
            decode(job, file)
        case "DuckDB":
            duckdb(job, file, threads)
        case "Polars":
            polars(file, threads)
        case "ClickHouse":
            clickhouse(file, threads)
