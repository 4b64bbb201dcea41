"""A report that is replaced as a whole, whenever its rows are told anew."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from streamstat.output.sinks import Sink
from streamstat.values.columns import ResultField, Rows


@dataclass(slots=True)
class WholeSink:
    """Each `open` begins a version of the report, with a sink of its own; one that is not committed is given up.

    tries: whether a version may be begun only to see that the report can be made. A device or FIFO would get it.
    """

    make: Callable[[], Sink]
    tries: bool = True
    _sink: Sink | None = None

    def open(self, fields: tuple[ResultField, ...]) -> None:
        """Begin a version. Without columns it is begun only to be given up."""
        if fields or self.tries:
            self.discard()
            self._sink = self.make()
            self._sink.open(fields)

    def write(self, rows: Rows) -> None:
        """Add rows to the version."""
        assert self._sink is not None
        self._sink.write(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        """The version takes the place of the one before."""
        if self._sink is not None:
            self._sink.commit(metadata)
            self._sink = None

    def discard(self) -> None:
        """What is not committed was never there."""
        if self._sink is not None:
            self._sink.discard()
            self._sink = None
