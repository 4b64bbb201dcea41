"""What a person sees of a run: rows to sinks, lost lines to files, progress and summary to stderr."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import IO, BinaryIO, Protocol

from streamstat.common.terminal import printable
from streamstat.engine.ledger import Ledger, watermark_text
from streamstat.engine.strategy import Publication
from streamstat.output.outputs import Outputs
from streamstat.output.sinks.files import creating, reported
from streamstat.runners import BadPlace
from streamstat.values.columns import ResultField

SHOWN_PLACES = 3
PROGRESS_EVERY_S = 0.2
KEEPERS = {
    "late": "--late-file F keeps late events, --delay D waits for them",
    "bad": "--bad-file F keeps unreadable lines",
    "no_time": "--time FIELD names the time",
    "future": "--max-ahead D allows later times",
    "bad_values": "an `if` condition can leave such values out",
}


class Lines(Protocol):
    """A file of lines, byte for byte."""

    def write(self, data: bytes | memoryview, /) -> None:
        """Add a line."""

    def publish(self) -> None:
        """All lines are where they belong, or ReadWriteError."""

    def discard(self) -> None:
        """Take them back, where that is possible; harmless at any time."""


class GrowingLines:
    """A file of lines that can be read while the run goes on, as those who follow a log want to."""

    def __init__(self, path: str) -> None:
        self._path, self._name = path, printable(path)
        self._file: BinaryIO | None = None

    def open(self) -> None:
        """Begin the file."""
        with creating(self._name):
            self._file = open(self._path, "wb")  # noqa: PTH123, SIM115

    def write(self, data: bytes | memoryview, /) -> None:
        """Add a line."""
        assert self._file is not None
        with reported(self._name):
            self._file.write(data)

    def publish(self) -> None:
        """All lines are on disk, or ReadWriteError."""
        if self._file is not None:
            with reported(self._name):
                self._file.close()

    def discard(self) -> None:
        """What is written is written."""
        if self._file is not None:
            with suppress(OSError, RuntimeError):
                self._file.close()


class Spool:
    """Bytes of over-long lines on their way from the reading thread to the file of bad lines, in order, on disk."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._taken = 0

    def put(self, piece: memoryview) -> None:
        """Add bytes, newlines included; from the reading thread."""
        with reported(tempfile.gettempdir()):
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            left = piece
            while left:
                left = left[self._file.write(left) :]

    def take(self, size: int) -> Iterator[bytes]:
        """The next line of `size` bytes, and its newline if it has one."""
        assert self._file is not None
        descriptor, end = self._file.fileno(), self._taken + size
        while self._taken < end:
            piece = os.pread(descriptor, min(1 << 20, end - self._taken), self._taken)
            self._taken += len(piece)
            yield piece
        if os.pread(descriptor, 1, end) == b"\n":
            self._taken += 1
            yield b"\n"


class RunWatcher:
    """Writes what a run gives. `say` prints one line to stderr, `show` the progress line over the one before."""

    def __init__(
        self,
        outputs: Outputs,
        say: Callable[[str], None],
        show: Callable[[str], None] | None,
        late_file: Lines | None = None,
        bad_file: Lines | None = None,
    ) -> None:
        self._outputs, self._say, self._show = outputs, say, show
        self._late_file, self._bad_file = late_file, bad_file
        self._began = self._shown = time.monotonic()
        self._changelog_fields: tuple[ResultField, ...] = ()
        self._begun = False
        self._spool: Spool | None = None if bad_file is None else Spool()
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
            self._say(f"event time is read from {printable(field)!r}; --time names another field")

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

    @property
    def over_long_sink(self) -> Callable[[memoryview], object] | None:
        """Where the reading thread puts the bytes of over-long lines."""
        return None if self._spool is None else self._spool.put

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
        if not ledger.is_fruitless:
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


def progress_line(ledger: Ledger) -> str:
    """Events, speed and watermark in one line."""
    seconds = max(ledger.seconds, 1e-9)
    speed = f"{ledger.lines / seconds:,.0f}/s  {ledger.bytes / seconds / 1e6:,.0f} MB/s"
    return f"{ledger.lines:,} lines  {speed}  watermark {watermark_text(ledger.watermark) or '-'}"


def summary(ledger: Ledger) -> str:
    """The ledger as an equation, and how long it took."""
    from streamstat.engine.ledger import BUCKETS

    parts = " + ".join(f"{getattr(ledger, name):,} {name}" for name in BUCKETS if getattr(ledger, name))
    more = []
    if ledger.late_assignments:
        more.append(f"{ledger.late_assignments:,} late assignments")
    if ledger.uncorrected or ledger.clock_jumps:
        more.append(f"{ledger.uncorrected:,} uncorrected, {ledger.clock_jumps:,} clock jumps")
    if ledger.corrections:
        more.append(f"{ledger.corrections:,} corrections, {ledger.retractions:,} retractions")
    figures = f"{ledger.rows:,} rows in {ledger.seconds:.2f} s"
    return "; ".join([f"{ledger.lines:,} lines = {parts or 'nothing'}", *more, figures])


def broken_off(ledger: Ledger, has_reports: bool) -> str:
    """What is said of a run that a signal has ended.

    >>> broken_off(Ledger(lines=119_390), False)
    'interrupted after 119,390 lines: rows are partial'
    """
    reports = ", so report files are as they were" if has_reports else ""
    return f"interrupted after {ledger.lines:,} lines: rows are partial{reports}"


def loss(ledger: Ledger, found: Mapping[str, Sequence[BadPlace]], kept: frozenset[str]) -> str | None:
    """One line that says what was lost and which option would keep it; None if nothing was.

    found: the first places of bad lines and of times that are too far ahead, each behind the words for them.
    """
    lost = {name: getattr(ledger, name) for name in KEEPERS if getattr(ledger, name)}
    if not lost:
        return None
    counts = ", ".join(f"{count:,} {name}" for name, count in lost.items())
    shown = [
        f"{words} {'; '.join(printable(str(each)) for each in places)}"
        for words, places in found.items()
        if places
    ]
    hints = [KEEPERS[name] for name in lost if name not in kept]
    return "; ".join([f"lost of {ledger.lines:,} lines: {counts}", *shown, *hints])
