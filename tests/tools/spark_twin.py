"""What carries out jobs of Spark in this process: the same tasks, cut and shuffled as a cluster might do it."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from zlib import crc32

import pyarrow as pa

from streamstat.common.errors import ReadWriteError
from streamstat.runners.spark.job_graph import JobGraph, Task

REDUCERS = 3


@dataclass
class SparkTwin:
    """Parts of so many bytes; rows come in batches of so many."""

    split_bytes: int = 1 << 20
    batch_rows: int = 5

    def table(self, graph: JobGraph) -> pa.Table:
        """What comes of a job, the last task first."""
        parts = [[pa.record_batch([pa.array([i])], names=["id"])] for i in range(graph.parts)]
        pieces = [batch for part in reversed(parts) for batch in _carried_out(graph.read, part)]
        table = pa.Table.from_batches(pieces)
        done = [
            batch
            for number in reversed(range(REDUCERS))
            for batch in _carried_out(graph.join, self._brought(table, graph, number))
        ]
        return pa.Table.from_batches(done)

    def _brought(self, table: pa.Table, graph: JobGraph, number: int) -> Iterator[pa.RecordBatch]:
        """What is shuffled to a task, in its order."""
        keys = table.select(graph.keys).to_pylist() if graph.keys else [{}] * len(table)
        chosen = [crc32(repr(list(key.values())).encode()) % REDUCERS == number for key in keys]
        own = table.filter(pa.array(chosen, pa.bool_()))
        order = [(name, "ascending") for name in graph.order]
        yield from own.sort_by(order).combine_chunks().to_batches(self.batch_rows)

    def cancel(self) -> None: ...
    def stop(self) -> None: ...
    def failure(self, error: BaseException) -> ReadWriteError:
        """There is nothing that may fail but a task, which must not."""
        raise error


def _carried_out(task: Task, batches: Any) -> Iterator[pa.RecordBatch]:
    function = getattr(import_module(task.module), task.function)
    yield from function(task.text)(iter(batches))
