"""Result rows as rows of Arrow, on their way from the tasks that have finished them to the driver."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from streamstat.common.record import record
from streamstat.runners.spark.arrow_texts import arrow_binary, arrow_texts_of, cuts, plain
from streamstat.values.columns import ResultField, Rows, Values, concatenate

_PARTS = (("kind", "tinyint", pa.int8()), ("number", "bigint", pa.int64()), ("text", "binary", pa.binary()))


@record
class RowForm:
    """The columns of rows. Each has three: kind, number and text, and one more is for what a task has to tell."""

    fields: tuple[ResultField, ...]

    @property
    def ddl(self) -> str:
        """The columns, as Spark is told them."""
        columns = (f"{name}{i} {kind}" for i in range(len(self.fields)) for name, kind, _ in _PARTS)
        return ", ".join([*columns, "part int", "finding string"])

    @property
    def schema(self) -> pa.Schema:
        """The same, as Arrow has it."""
        columns = [(f"{name}{i}", kind) for i in range(len(self.fields)) for name, _, kind in _PARTS]
        return pa.schema([*columns, ("part", pa.int32()), ("finding", pa.string())])

    def batches(self, rows: Rows) -> Iterator[pa.RecordBatch]:
        """Rows, cut by their bytes; a column without texts has nulls there."""
        texts = [values.texts for values in rows.columns if values.texts is not None]
        for lo, hi in cuts(len(rows), texts):
            columns: list[pa.Array] = []
            for values in rows.columns:
                own = values.texts
                columns += [pa.array(each[lo:hi]) for each in (values.kinds.view(np.int8), values.numbers)]
                columns.append(pa.nulls(hi - lo, pa.binary()) if own is None else arrow_binary(own, lo, hi))
            columns += [pa.nulls(hi - lo, pa.int32()), pa.nulls(hi - lo, pa.string())]
            yield pa.record_batch(columns, schema=self.schema)

    def rows(self, batches: Sequence[pa.RecordBatch]) -> Rows:
        """From rows of Arrow, in their order; of one batch or more."""
        columns = []
        for i in range(len(self.fields)):
            parts = ((each.column(f"{name}{i}") for name, _, _ in _PARTS) for each in batches)
            columns.append(concatenate([_values(*each) for each in parts]))
        return Rows(self.fields, tuple(columns))


def _values(kinds: Any, numbers: Any, texts: Any) -> Values:
    known = None if texts.null_count else arrow_texts_of(texts)
    return Values(plain(kinds).view(np.uint8), plain(numbers), known)
