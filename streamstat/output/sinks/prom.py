"""The newest window as metrics of Prometheus, for the folder of text files that a node exporter reads.

The text is good for both who may read it: to the older format (0.0.4), that of the exporter, the last line is a
comment; in OpenMetrics it says that nothing is missing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from streamstat.kernels import render_cells
from streamstat.output.metrics import WINDOW_END, Metrics, metrics_of
from streamstat.output.sinks.files import Target
from streamstat.values.cells import blocks, native_column
from streamstat.values.columns import (
    MINUS_INFINITY,
    ColumnType,
    Kind,
    ResultField,
    Rows,
    Values,
    concatenate_rows,
    take_rows,
)

END = b"# EOF\n"
NOT_FINITE = {b"nan": b"NaN", b"inf": b"+Inf", b"-inf": b"-Inf"}
ESCAPES = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"))


@dataclass(slots=True)
class PromSink:
    """Holds the rows of the newest window_end and writes them at the end: a gauge for each column of numbers.

    groups: the columns that are labels. terminal: control characters spelt out, for a stream that somebody watches.
    """

    target: Target
    groups: Sequence[str] = ()
    terminal: bool = False
    _fields: tuple[ResultField, ...] = ()
    _metrics: Metrics | None = None
    _end_us: int = MINUS_INFINITY
    _newest: list[Rows] = field(default_factory=list)

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self._fields, self._metrics = fields, metrics_of(fields, self.groups)
        self.target.open()

    def write(self, rows: Rows) -> None:
        if not len(rows):
            return
        ends = rows.columns[[each.name for each in rows.fields].index("window_end")].numbers
        newest = int(ends.max())
        if newest < self._end_us:
            return
        if newest > self._end_us:
            self._end_us, self._newest = newest, []
        self._newest.append(take_rows(rows, np.flatnonzero(ends == newest)))

    def commit(self, metadata: Mapping[str, str]) -> None:
        if self._newest:
            for text in self._families(concatenate_rows(self._newest)):
                self.target.write(text)
        self.target.write(END)
        self.target.publish()

    def discard(self) -> None:
        self.target.discard()

    def _families(self, rows: Rows) -> Iterator[bytes]:
        """Each metric with its samples, which must stand together."""
        assert self._metrics is not None
        yield _family(WINDOW_END, [_seconds(self._end_us)])
        columns = [rows.columns[i] for i in self._metrics.labels]
        labels = _labels(list(self._metrics.labels.values()), columns, len(rows), self.terminal)
        for i, name in self._metrics.gauges.items():
            numbers = _numbers(self._fields[i].type, rows.columns[i])
            yield _family(name, [b"%s %s" % each for each in zip(labels, numbers, strict=True) if each[1]])


def _family(name: str, samples: Sequence[bytes]) -> bytes:
    """A metric and its samples, labels and value each; nothing where there are none."""
    if not samples:
        return b""
    lines = (b"%s%s\n" % (name.encode(), sample) for sample in samples)
    return b"".join([f"# TYPE {name} gauge\n".encode(), *lines])


def _seconds(time_us: int) -> bytes:
    """Without labels, exactly: no double holds a microsecond of any year.

    >>> _seconds(1_767_225_600_500_000), _seconds(-1)
    (b' 1767225600.5', b' -0.000001')
    """
    whole, fraction = divmod(abs(time_us), 1_000_000)
    digits = f".{fraction:06}".rstrip("0") if fraction else ""
    return f" {'-' if time_us < 0 else ''}{whole}{digits}".encode()


def _numbers(kind: ColumnType, values: Values) -> Iterator[bytes]:
    """The number of each row; empty where there is none."""
    for cell, each in _cells(kind, values, terminal=False):
        match each:
            case Kind.INTEGER | Kind.DOUBLE:
                yield NOT_FINITE.get(cell, cell)
            case Kind.TRUE | Kind.FALSE:
                yield b"1" if each == Kind.TRUE else b"0"
            case Kind.HUGE:
                yield b"-Inf" if cell.startswith(b"-") else b"+Inf"
            case _:
                yield b""


def _labels(names: Sequence[str], columns: Sequence[Values], n: int, terminal: bool) -> list[bytes]:
    """The labels of each row, in braces; nothing where there are none."""
    if not names:
        return [b""] * n
    pairs = [
        [b'%s="%s"' % (name.encode(), _escaped(text)) for text in _told_apart(column, terminal)]
        for name, column in zip(names, columns, strict=True)
    ]
    return [b"{%s}" % b",".join(row) for row in zip(*pairs, strict=True)]


def _told_apart(column: Values, terminal: bool) -> list[bytes]:
    """The values of a column as texts, null as an empty one. Prometheus knows texts alone.

    So where 1 and "1" are two groups, the text is the one in quotes; so are texts that begin with a quote then.
    """
    cells = list(_cells(ColumnType.ANY, column, terminal))
    others = {cell for cell, kind in cells if kind != Kind.TEXT}
    if all(kind != Kind.TEXT or cell not in others for cell, kind in cells):
        return [cell for cell, _ in cells]
    return [
        json.dumps(cell.decode(), ensure_ascii=False).encode()
        if kind == Kind.TEXT and (cell in others or cell.startswith(b'"'))
        else cell
        for cell, kind in cells
    ]


def _escaped(text: bytes) -> bytes:
    for byte, escape in ESCAPES:
        text = text.replace(byte, escape)
    return text


def _cells(kind: ColumnType, values: Values, terminal: bool) -> Iterator[tuple[bytes, int]]:
    """The bare text of each row, and the kind of its value."""
    native = native_column(kind, values)
    for lo, hi in blocks(len(values)):
        offsets, data = render_cells(native, lo, hi, terminal)
        text = data.tobytes()
        yield from zip(
            (text[a:b] for a, b in pairwise(offsets.tolist())), values.kinds[lo:hi].tolist(), strict=True
        )
