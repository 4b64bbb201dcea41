"""What a person sees while a run goes on: rows to sinks, lost lines to files, progress to stderr."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice

from streamstat.commands.line_files import HeadedLines, LineFiles, Spool
from streamstat.commands.log_files import check_format_of
from streamstat.commands.messages import progress_line
from streamstat.common.terminal import printable
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.output.outputs import Outputs
from streamstat.output.promises import promise_rows
from streamstat.output.sinks.fitted import left_out_of
from streamstat.runners import BadPlace
from streamstat.values.columns import ResultField

SHOWN_PLACES = 3
SHOWN_NAMES = 10
PROGRESS_EVERY_S = 0.2


class RunWatcher:
    """Writes what a run gives. `say` prints one line to stderr, `show` the progress line over the one before.

    outputs: those of each report.
    spool: where the bytes of over-long lines wait for their place in the files of lines. size: bytes of all inputs,
    if that is known. viewed: who shows rows as they come.
    """

    def __init__(
        self,
        outputs: Sequence[Outputs],
        say: Callable[[str], None],
        show: Callable[[str], None] | None,
        files: LineFiles,
        spool: Spool | None = None,
        size: int | None = None,
        viewed: Callable[[Publication], None] | None = None,
    ) -> None:
        self._outputs, self._say, self._show = outputs, say, show
        self._files = files
        self._began = self._shown = time.monotonic()
        self._changelog_fields: dict[int, tuple[ResultField, ...]] = {}
        self._open: set[int] = set()  # reports whose rows on stdout have begun
        self._formats_found = False
        self._time_note = ""
        self._ledger_before = Ledger()
        self._spool, self._size, self._viewed = spool, size, viewed
        self.bad_places: list[BadPlace] = []
        self.future_places: list[BadPlace] = []
        self.rows = 0
        self.report_rows = [0] * len(outputs)  # in the files of each report

    @property
    def files(self) -> list[HeadedLines]:
        """The files of lines that there are."""
        return self._files.all

    @property
    def notes(self) -> list[str]:
        """Columns that came too late for a heading."""
        sinks = (sink for outputs in self._outputs for sink in outputs.changelog)
        names = [printable(name) for sink in sinks for name in left_out_of(sink)]
        if not names:
            return []
        which = ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")
        which = f"columns that came behind the first row are left out: {which}"
        return [f"{which}; --select names those that are wanted, -f ndjson has all"]

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._began

    def goes_on_from(self, ledger: Ledger) -> None:
        """What earlier runs have read is no progress of this one."""
        self._ledger_before = replace(ledger)

    def opened(self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        """Begin the reports; stdout begins when there is something to say, lest a header stand before an error.

        Where columns come with the rows, a report that cannot be made is refused all the same.
        """
        self._changelog_fields[of] = changelog
        for sink in self._outputs[of].reports:
            sink.open(report)

    def _begin_changelog(self) -> None:
        """Open stdout, but for rows whose columns nobody knows yet."""
        for of, fields in self._changelog_fields.items():
            if fields and of not in self._open:
                self._open.add(of)
                self.hide_progress()
                for sink in self._outputs[of].changelog:
                    sink.open(fields)

    def hide_progress(self) -> None:
        """Nothing may be written to a terminal behind the progress line."""
        if self._show is not None:
            self._show("")

    def time_found(self, field: str) -> None:
        """Say which field was chosen, to those who watch, once it is said what it is a field of."""
        self._time_note = f"event time is read from {printable(field)!r}; --time FIELD chooses another"
        if self._formats_found:
            self._say_time()

    def format_found(self, input: str, format: str) -> None:
        """Say which format was chosen, to those who watch, where it is not the usual one."""
        if self._files.of_log:
            check_format_of(input, format, self._files.of_log)
        self._formats_found = True
        if self._show is not None and format != "ndjson":
            self._say(f"{printable(input)} is read as {format}; --input FORMAT chooses another")
        self._say_time()

    def _say_time(self) -> None:
        if self._show is not None and self._time_note:
            self._say(self._time_note)
        self._time_note = ""

    def published(self, publication: Publication) -> None:
        """Hand rows on."""
        if publication.log is not None and self._files.compact is not None:
            for line in publication.log:
                self._files.compact.add(ended(line))
        outputs, changelog = self._outputs[publication.of], publication.changelog
        if changelog is None and publication.report is None:
            return
        if changelog is not None and not self._changelog_fields[publication.of]:
            self._changelog_fields[publication.of] = changelog.fields
        self._begin_changelog()
        if self._viewed is not None:
            self._viewed(publication)
        if changelog is not None:
            self.hide_progress()
            self.rows += len(changelog)
            for sink in outputs.changelog:
                sink.write(changelog)
        if publication.report is not None:
            if publication.replaces:
                self._begin_anew(publication.of, publication.report.fields)
            self.report_rows[publication.of] += len(publication.report)
            for sink in outputs.reports:
                sink.write(publication.report)

    def _begin_anew(self, of: int, fields: tuple[ResultField, ...]) -> None:
        """What the report of this number has had is void."""
        self.report_rows[of] = 0
        for sink in self._outputs[of].reports:
            sink.open(fields)

    def refresh(self, metadata: Sequence[Mapping[str, str]]) -> None:
        """Publish the reports, which go on."""
        for outputs, told in zip(self._outputs, metadata, strict=True):
            for sink in outputs.reports:
                sink.commit(told)

    def promised(self, of: int, time: int) -> None:
        """Write it behind the rows that came before it; it is no row itself."""
        self._begin_changelog()
        self.hide_progress()
        for sink in self._outputs[of].changelog:
            sink.write(promise_rows(time))

    def heading(self, line: bytes) -> None:
        """It stands in front of those that are kept of its records."""
        self._files.under(line)

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        """Keep the line where wanted, and the first few places."""
        self._keep_place(place)
        if self._files.bad is not None:
            self._files.bad.add(ended(line))

    def _keep_place(self, place: BadPlace) -> None:
        if len(self.bad_places) < SHOWN_PLACES:
            self.bad_places.append(place)

    def over_long_line(self, place: BadPlace, size: int) -> None:
        """Keep the line where wanted, at its place among the others."""
        self._keep_place(place)
        files = [file for file in (self._files.bad, self._files.lost) if file is not None]
        if self._spool is None or not files:
            return
        for file in files:
            file.lines += 1
        for piece in chain(self._spool.take(size), [b"\n"]):
            for file in files:
                file.write(piece)

    def late_line(self, of: int, line: bytes) -> None:
        """Keep the line where wanted."""
        if (file := self._files.late[of]) is not None:
            file.add(ended(line))

    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None:
        """Keep them where wanted."""
        for file, lines in ((self._files.accepted, accepted), (self._files.refused, refused)):
            if file is not None:
                for line in lines:
                    file.add(ended(line))

    def lost_lines(self, lines: Iterator[bytes]) -> None:
        """Keep them where wanted."""
        if self._files.lost is not None:
            for line in lines:
                self._files.lost.add(ended(line))

    def too_far_ahead(self, places: Iterator[BadPlace]) -> None:
        """Keep the first few places."""
        self.future_places += islice(places, SHOWN_PLACES - len(self.future_places))

    def progress(self, ledger: Ledger) -> None:
        """Show how far the run is, a few times a second; no heading for what may come to nothing."""
        if ledger.events > ledger.no_time or not ledger.lines:
            self._begin_changelog()
        now = time.monotonic()
        ledger.seconds = now - self._began
        if self._show is None or now - self._shown < PROGRESS_EVERY_S:
            return
        self._shown = now
        self._show(progress_line(ledger.since(self._ledger_before), self._size))

    def commit(self, metadata: Sequence[Mapping[str, str]]) -> None:
        """Publish the reports, each with what is to be told of it."""
        self._begin_changelog()
        self.hide_progress()
        for outputs, told in zip(self._outputs, metadata, strict=True):
            for sink in outputs.sinks:
                sink.commit(told)
        for file in self._files.all:
            file.publish()

    def break_off(self, metadata: Sequence[Mapping[str, str]]) -> None:
        """stdout gets the rows there are, and reports stay as they were."""
        self._begin_changelog()
        self.hide_progress()
        for outputs, told in zip(self._outputs, metadata, strict=True):
            for sink in outputs.changelog:
                sink.commit(told)
        self._discard_files()

    def discard(self) -> None:
        """Leave no report; at any moment, also while a sink writes."""
        for sink in (sink for outputs in self._outputs for sink in outputs.changelog):
            with suppress(Exception):
                sink.discard()
        self._discard_files()

    def _discard_files(self) -> None:
        for sink in (sink for outputs in self._outputs for sink in outputs.reports):
            with suppress(Exception):
                sink.discard()
        for file in self._files.all:
            with suppress(Exception):
                file.discard()


def ended(line: bytes) -> bytes:
    """A line with its newline, which the last one of an input may lack."""
    return line if line.endswith(b"\n") else line + b"\n"
