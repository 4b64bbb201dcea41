"""Rows as a Parquet file: zstd, row groups of bounded size, options and ledger in its metadata.

The type of an ANY column needs all rows, a row group needs the types. So blocks wait in an unnamed temporary
file, as exact as they came, until no later row can change a type or the end has come. A type that was given
is final from the start, and what does not fit it ends the report.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import IO, TYPE_CHECKING

import numpy as np

from streamstat.common.errors import InputError
from streamstat.common.terminal import printable
from streamstat.output.arrow import (
    TYPES,
    SeenKinds,
    arrow_schema,
    is_text,
    plain_array,
    survey,
    to_record_batch,
    type_name,
)
from streamstat.output.gather import Gatherer
from streamstat.output.sinks.files import NamedTarget, reported
from streamstat.values.columns import ColumnType, ResultField, Rows, Texts, Values, no_texts

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


class ParquetSink:
    """Takes rows as they are published; `zone` is that of the timestamps, `types` those of some ANY columns."""

    def __init__(
        self, target: NamedTarget, zone: str = "UTC", types: Mapping[str, str] | None = None
    ) -> None:
        self.target, self.zone, self._given = target, zone, dict(types or {})
        self._fields: tuple[ResultField, ...] = ()
        self._seen: tuple[SeenKinds, ...] = ()
        self._gatherer = Gatherer()
        self._waiting: _Waiting | None = None
        self._output = _Output(target)
        self._writer: pq.ParquetWriter | None = None

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.target.open()
        self._fields = fields
        self._seen = tuple(TYPES[self._given[f.name]] if self._is_given(f) else SeenKinds(0) for f in fields)

    @property
    def types(self) -> dict[str, str]:
        """The type of each ANY column, as the rows so far have it."""
        pairs = zip(self._fields, self._seen, strict=True)
        return {field.name: type_name(seen) for field, seen in pairs if field.type == ColumnType.ANY}

    def write(self, rows: Rows) -> None:
        for block in self._gatherer.add(rows):
            self._add(block)

    def commit(self, metadata: Mapping[str, str]) -> None:
        last = list(self._gatherer.rest())
        for block in last:
            self._survey(block)
        writer = self._final_writer()
        for block in last:
            self._write_row_group(writer, block)
        writer.add_key_value_metadata(dict(metadata))
        writer.close()
        self.target.publish()

    def discard(self) -> None:
        if self._waiting is not None:
            self._waiting.close()
        self._output.abandon()
        if self._writer is not None:
            with suppress(Exception):  # it writes its footer, which goes nowhere
                self._writer.close()
        self.target.discard()

    def _add(self, block: Rows) -> None:
        self._survey(block)
        if self._types_are_final():
            self._write_row_group(self._final_writer(), block)
        else:
            self._waiting = self._waiting or _Waiting(self.target, self._fields)
            self._waiting.append(block)

    def _types_are_final(self) -> bool:
        return all(
            field.type != ColumnType.ANY or self._is_given(field) or is_text(seen)
            for field, seen in zip(self._fields, self._seen, strict=True)
        )

    def _is_given(self, field: ResultField) -> bool:
        return field.type == ColumnType.ANY and field.name in self._given

    def _survey(self, block: Rows) -> None:
        """What the rows change about the types that are not given; InputError where they do not fit one that is."""
        if self._writer is not None and not self._given:
            return
        seen = survey(block, self._seen)
        for field, now in zip(self._fields, seen, strict=True):
            if self._is_given(field) and type_name(now) != self._given[field.name]:
                problem = f"column {field.name} is {self._given[field.name]}, but a row has a value that does not fit"
                hint = f"begin anew with --type {field.name}={type_name(now)}"
                raise InputError(printable(self.target.path), problem, hint)
        self._seen = tuple(
            before if self._is_given(field) else now
            for field, before, now in zip(self._fields, self._seen, seen, strict=True)
        )

    def _final_writer(self) -> "pq.ParquetWriter":
        """The writer in the types known now, all that waited behind it."""
        if self._writer is None:
            import pyarrow.parquet as pq

            schema = arrow_schema(self._fields, self._seen, self.zone)
            self._writer = pq.ParquetWriter(self._output, schema, compression="zstd")
            if self._waiting is not None:
                for block in self._waiting.blocks():
                    self._write_row_group(self._writer, block)
                self._waiting.close()
        return self._writer

    def _write_row_group(self, writer: "pq.ParquetWriter", block: Rows) -> None:
        writer.write_batch(to_record_batch(block, writer.schema), row_group_size=len(block))


class _Waiting:
    """Blocks in a file without a name: kinds, numbers and texts, a record batch each."""

    def __init__(self, target: NamedTarget, fields: tuple[ResultField, ...]) -> None:
        import tempfile

        import pyarrow as pa

        self._fields = fields
        self._name = printable(target.path)
        parts = [("kinds", pa.uint8()), ("numbers", pa.int64()), ("texts", pa.large_binary())]
        self._schema = pa.schema([(f"{name}{i}", kind) for i in range(len(fields)) for name, kind in parts])
        with reported(self._name):
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=target.directory())  # noqa: SIM115
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writer = pa.ipc.new_stream(self._file, self._schema, options=options)

    def append(self, block: Rows) -> None:
        import pyarrow as pa

        arrays = [array for values in block.columns for array in _exact_arrays(values)]
        with reported(self._name):
            self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))

    def blocks(self) -> Iterator[Rows]:
        import pyarrow as pa

        with reported(self._name):
            self._writer.close()
            self._file.seek(0)
            for batch in pa.ipc.open_stream(self._file):
                columns = [_exact_values(batch.columns[i : i + 3]) for i in range(0, batch.num_columns, 3)]
                yield Rows(self._fields, tuple(columns))

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()


class _Output:
    """A report as the file object pyarrow writes to; counts where it is, as a FIFO cannot tell."""

    def __init__(self, target: NamedTarget) -> None:
        self._target, self._size, self._abandoned = target, 0, False
        self.closed = False

    def write(self, data: "bytes | pa.Buffer") -> int:
        if not self._abandoned:
            self._target.write(memoryview(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """The report flushes when it is published."""

    def close(self) -> None:
        self.closed = True

    def abandon(self) -> None:
        """Swallow all further writes: a writer insists on its footer even where the report is gone."""
        self._abandoned = True


def _exact_arrays(values: Values) -> "list[pa.Array]":
    import pyarrow as pa

    texts = values.texts or no_texts(len(values))
    buffers = [None, pa.py_buffer(texts.offsets), pa.py_buffer(texts.data)]
    text = pa.Array.from_buffers(pa.large_binary(), len(values), buffers)
    return [plain_array(pa.uint8(), values.kinds), plain_array(pa.int64(), values.numbers), text]


def _exact_values(arrays: "list[pa.Array]") -> Values:
    kinds, numbers, text = arrays
    _, offsets, data = text.buffers()
    texts = Texts(
        np.frombuffer(offsets, np.int64, len(text) + 1),
        np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8),
    )
    return Values(kinds.to_numpy(), numbers.to_numpy(), texts)
