"""What a person sees while a run goes on: rows to sinks, lost lines to files, progress to stderr."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice

from streamstat.commands.line_files import Lines, Spool
from streamstat.commands.messages import progress_line
from streamstat.common.terminal import printable
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.output.outputs import Outputs
from streamstat.runners import BadPlace
from streamstat.values.columns import ResultField

SHOWN_PLACES = 3
PROGRESS_EVERY_S = 0.2


class RunWatcher:
    """Writes what a run gives. `say` prints one line to stderr, `show` the progress line over the one before.

    spool: where the bytes of over-long lines wait for their place in `bad_file`.
    """

    def __init__(
        self,
        outputs: Outputs,
        say: Callable[[str], None],
        show: Callable[[str], None] | None,
        late_file: Lines | None = None,
        bad_file: Lines | None = None,
        spool: Spool | None = None,
    ) -> None:
        self._outputs, self._say, self._show = outputs, say, show
        self._late_file, self._bad_file = late_file, bad_file
        self._began = self._shown = time.monotonic()
        self._changelog_fields: tuple[ResultField, ...] = ()
        self._begun = False
        self._spool = spool
        self.bad_places: list[BadPlace] = []
        self.future_places: list[BadPlace] = []
        self.rows = 0

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._began

    def opened(self, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        """Begin the reports; stdout begins when there is something to say, lest a header stand before an error."""
        self._changelog_fields = changelog
        for sink in self._outputs.reports:
            sink.open(report)

    def _begin_changelog(self) -> None:
        if not self._begun:
            self._begun = True
            for sink in self._outputs.changelog:
                sink.open(self._changelog_fields)

    def time_found(self, field: str) -> None:
        """Say which field was chosen, to those who watch."""
        if self._show is not None:
            self._say(f"event time is read from {printable(field)!r}; --time FIELD chooses another")

    def format_found(self, input: str, format: str) -> None:
        """Say which format was chosen, to those who watch, where it is not the usual one."""
        if self._show is not None and format != "ndjson":
            self._say(f"{printable(input)} is read as {format}; --input FORMAT chooses another")

    def published(self, publication: Publication) -> None:
        """Hand rows on."""
        self._begin_changelog()
        if publication.changelog is not None:
            if self._show is not None:
                self._show("")
            self.rows += len(publication.changelog)
            for sink in self._outputs.changelog:
                sink.write(publication.changelog)
        if publication.report is not None:
            for sink in self._outputs.reports:
                sink.write(publication.report)

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        """Keep the line where wanted, and the first few places."""
        if len(self.bad_places) < SHOWN_PLACES:
            self.bad_places.append(place)
        if self._bad_file is not None:
            self._bad_file.write(line)

    def over_long_line(self, place: BadPlace, size: int) -> None:
        """Keep the line where wanted, at its place among the others."""
        self.bad_line(place, b"")
        if self._spool is not None and self._bad_file is not None:
            for piece in self._spool.take(size):
                self._bad_file.write(piece)

    def late_line(self, line: bytes) -> None:
        """Keep the line where wanted."""
        if self._late_file is not None:
            self._late_file.write(line)

    def too_far_ahead(self, places: Iterator[BadPlace]) -> None:
        """Keep the first few places."""
        self.future_places += islice(places, SHOWN_PLACES - len(self.future_places))

    def progress(self, ledger: Ledger) -> None:
        """Show how far the run is, a few times a second; no heading for what may come to nothing."""
        if ledger.events > ledger.no_time:
            self._begin_changelog()
        now = time.monotonic()
        ledger.seconds = now - self._began
        if self._show is None or now - self._shown < PROGRESS_EVERY_S:
            return
        self._shown = now
        self._show(progress_line(ledger))

    def commit(self, metadata: Mapping[str, str]) -> None:
        """Publish the reports."""
        self._begin_changelog()
        for sink in self._outputs.sinks:
            sink.commit(metadata)
        for file in self._files:
            file.publish()

    def break_off(self, metadata: Mapping[str, str]) -> None:
        """stdout gets the rows there are, and reports stay as they were."""
        self._begin_changelog()
        for sink in self._outputs.changelog:
            sink.commit(metadata)
        self._discard_files()

    def discard(self) -> None:
        """Leave no report; at any moment, also while a sink writes."""
        for sink in self._outputs.changelog:
            with suppress(Exception):
                sink.discard()
        self._discard_files()

    def _discard_files(self) -> None:
        for sink in self._outputs.reports:
            with suppress(Exception):
                sink.discard()
        for file in self._files:
            with suppress(Exception):
                file.discard()

    @property
    def _files(self) -> list[Lines]:
        return [file for file in (self._late_file, self._bad_file) if file is not None]
