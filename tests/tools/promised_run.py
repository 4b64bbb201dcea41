"""A run that promises, as the next command of a pipe would read it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from streamstat.common.zones import Zone
from streamstat.engine.strategy import Publication
from streamstat.output.promises import promise_rows
from streamstat.output.sinks.files import Stream
from streamstat.output.sinks.ndjson import NdjsonSink
from streamstat.values.columns import Rows
from tools.engine_run import Seen


@dataclass
class Told(Seen):
    """What goes to stdout, as it comes: the changelog, and promises among its rows."""

    stdout: list[Rows | int] = field(default_factory=list)

    def published(self, publication: Publication) -> None:
        super().published(publication)
        if publication.changelog is not None:
            self.stdout.append(publication.changelog)

    def promised(self, of: int, time: int) -> None:
        self.stdout.append(time)

    @property
    def promises(self) -> list[int]:
        """All that was promised."""
        return [each for each in self.stdout if isinstance(each, int)]

    def broken(self) -> Iterator[tuple[int, int]]:
        """Each promise, with the start of a row behind it that begins before."""
        promise: int | None = None
        for each in self.stdout:
            if isinstance(each, int):
                promise = each
            elif promise is not None:
                least = int(each.columns[0].numbers.min())
                yield from [(promise, least)] if least < promise else ()

    def ndjson(self, *, promises: bool) -> bytes:
        """The lines, with promises or without."""
        file = BytesIO()
        sink = NdjsonSink(Stream(file), None if self.zone == "UTC" else Zone(self.zone).offsets)
        for each in self.stdout:
            if isinstance(each, Rows):
                sink.write(each)
            elif promises:
                sink.write(promise_rows(each))
        return file.getvalue()
