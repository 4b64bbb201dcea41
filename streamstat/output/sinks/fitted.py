"""Rows whose columns grow, for a format that says once which columns there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streamstat.output.sinks import Sink
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class FittedSink:
    """Gives another sink the columns that it was opened with. left_out: those that came later, in their order."""

    sink: Sink
    left_out: dict[str, None] = field(default_factory=dict)
    _fields: tuple[ResultField, ...] = ()

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self._fields = fields
        self.sink.open(fields)

    def write(self, rows: Rows) -> None:
        if rows.fields != self._fields:
            places = {each.name: i for i, each in enumerate(rows.fields)}
            known = {each.name for each in self._fields}
            self.left_out |= dict.fromkeys(name for name in places if name not in known)
            rows = Rows(self._fields, tuple(rows.columns[places[each.name]] for each in self._fields))
        self.sink.write(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.sink.commit(metadata)

    def discard(self) -> None:
        self.sink.discard()


def left_out_of(sink: Sink) -> list[str]:
    """The columns that a sink, or the one inside of it, has left out, in their order."""
    inner = sink if isinstance(sink, FittedSink) else getattr(sink, "sink", None)
    return list(inner.left_out) if isinstance(inner, FittedSink) else []
