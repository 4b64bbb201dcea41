"""Rows of every type, sinks of every kind, and a run of one."""

from collections.abc import Callable
from pathlib import Path

from streamstat.output.behind import BehindSink
from streamstat.output.packing import PACKINGS, Members, PackedTarget
from streamstat.output.sinks import Sink
from streamstat.output.sinks.csv import CsvSink
from streamstat.output.sinks.files import Report, Target
from streamstat.output.sinks.json import JsonSink
from streamstat.output.sinks.ndjson import NdjsonSink
from streamstat.output.sinks.parquet import ParquetSink
from streamstat.output.sinks.table import TableSink
from streamstat.output.sinks.tsv import TsvSink
from streamstat.output.sinks.vertical import VerticalSink
from streamstat.values.columns import ColumnType, ResultField, Rows
from tools.result_rows import Cell, values

MINUTE = 60_000_000
START = 1767225600_000000  # 2026-01-01
FIELDS = (
    ResultField("window_start", ColumnType.TIME),
    ResultField("key", ColumnType.ANY),
    ResultField("count", ColumnType.INTEGER),
    ResultField("mean", ColumnType.DOUBLE),
    ResultField("top", ColumnType.TOP),
    ResultField("hll_x", ColumnType.BINARY),
)
SINKS: dict[str, Callable[[Target], Sink]] = {
    "csv": CsvSink,
    "tsv": TsvSink,
    "ndjson": NdjsonSink,
    "json": JsonSink,
    "table": TableSink,
    "vertical": VerticalSink,
    "csv.gz": lambda target: CsvSink(PackedTarget(target, Members(PACKINGS[".gz"]))),
}
EVERY_SINK = [*SINKS, "parquet", "csv behind", "parquet behind"]


class Memory:
    """A target that keeps what it is given."""

    def __init__(self) -> None:
        self.data, self.writes, self.state = b"", 0, "new"

    def open(self) -> None:
        self.state = "open"

    def write(self, data: bytes | memoryview) -> None:
        self.data += bytes(data)
        self.writes += 1

    def publish(self) -> None:
        self.state = "published"

    def discard(self) -> None:
        self.state = "discarded"


def batch(*keys: Cell) -> Rows:
    n = len(keys)
    return Rows(
        FIELDS,
        (
            values(*(START + i * MINUTE for i in range(n))),
            values(*keys),
            values(*range(n)),
            values(*(i / 4 if i else None for i in range(n))),
            values(*[b'[["a",1,0]]'] * n),
            values(*["state"] * n),
        ),
    )


def make(name: str, target: Report) -> Sink:
    kind, _, behind = name.partition(" ")
    if behind:
        return BehindSink(make(kind, target))
    return ParquetSink(target) if name == "parquet" else SINKS[name](target)


def written(sink: Sink, *batches: Rows, fields: tuple[ResultField, ...] = FIELDS) -> None:
    sink.open(fields)
    for rows in batches:
        sink.write(rows)
    sink.commit({"options": "{}"})


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())
