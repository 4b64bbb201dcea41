"""Rows that go nowhere: those for a terminal on which a live view shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from streamstat.values.columns import ResultField, Rows


@dataclass(frozen=True, slots=True)
class UnseenSink:
    """Takes rows, and writes nothing."""

    def open(self, fields: tuple[ResultField, ...]) -> None: ...
    def write(self, rows: Rows) -> None: ...
    def commit(self, metadata: Mapping[str, str]) -> None: ...
    def discard(self) -> None: ...
