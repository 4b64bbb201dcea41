"""What a person sees of a run: rows to sinks, lost lines to files, progress and summary to stderr."""

import time
from collections.abc import Callable, Mapping
from typing import BinaryIO

from streamstat.batch import ResultField
from streamstat.errors import CannotCreateError, ReadWriteError
from streamstat.ledger import Ledger, watermark_text
from streamstat.outputs import Outputs
from streamstat.runners import BadPlace
from streamstat.strategy import Publication
from streamstat.terminal import printable

SHOWN_BAD_LINES = 3
PROGRESS_EVERY_S = 0.2
KEEPERS = {
    "late": "--late-file F keeps late events, --delay D waits for them",
    "bad": "--bad-file F keeps unreadable lines",
    "no_time": "--time FIELD names the time",
    "future": "--max-ahead D allows later times",
    "bad_values": "an `if` condition can leave such values out",
}


class LineFile:
    """A file of lines, byte for byte; made when the run begins, so that it is there even if nothing is lost."""

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._file: BinaryIO = open(path, "wb")  # noqa: PTH123, SIM115
        except OSError as error:
            raise CannotCreateError(path, error.strerror or "cannot be created") from None

    def write(self, line: bytes | memoryview) -> None:
        """Add a line."""
        try:
            self._file.write(line)
        except OSError as error:
            raise ReadWriteError(self._path, error.strerror or "cannot be written") from None

    def close(self) -> None:
        """All lines are on disk, or ReadWriteError."""
        try:
            self._file.close()
        except OSError as error:
            raise ReadWriteError(self._path, error.strerror or "cannot be written") from None


class RunWatcher:
    """Writes what a run gives. `say` prints one line to stderr, `show` the progress line over the one before."""

    def __init__(
        self,
        outputs: Outputs,
        say: Callable[[str], None],
        show: Callable[[str], None] | None,
        late_file: LineFile | None = None,
        bad_file: LineFile | None = None,
    ) -> None:
        self._outputs, self._say, self._show = outputs, say, show
        self._late_file, self._bad_file = late_file, bad_file
        self._began = self._shown = time.monotonic()
        self.bad_places: list[BadPlace] = []
        self.rows = 0

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._began

    def opened(self, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        """Begin the outputs."""
        for sink in self._outputs.changelog:
            sink.open(changelog)
        for sink in self._outputs.reports:
            sink.open(report)

    def time_found(self, field: str) -> None:
        """Say which field was chosen, to those who watch."""
        if self._show is not None:
            self._say(f"event time is read from {printable(field)!r}; --time names another field")

    def published(self, publication: Publication) -> None:
        """Hand rows on."""
        if publication.changelog is not None:
            self.rows += len(publication.changelog)
            for sink in self._outputs.changelog:
                sink.write(publication.changelog)
        if publication.report is not None:
            for sink in self._outputs.reports:
                sink.write(publication.report)

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        """Keep the line where wanted, and the first few places."""
        if len(self.bad_places) < SHOWN_BAD_LINES:
            self.bad_places.append(place)
        if self._bad_file is not None:
            self._bad_file.write(line)

    def late_line(self, line: bytes) -> None:
        """Keep the line where wanted."""
        if self._late_file is not None:
            self._late_file.write(line)

    def progress(self, ledger: Ledger) -> None:
        """Show how far the run is, a few times a second."""
        now = time.monotonic()
        ledger.seconds = now - self._began
        if self._show is None or now - self._shown < PROGRESS_EVERY_S:
            return
        self._shown = now
        self._show(progress_line(ledger))

    def commit(self, metadata: Mapping[str, str]) -> None:
        """Publish the reports."""
        for sink in self._outputs.sinks:
            sink.commit(metadata)
        self._close_files()

    def discard(self) -> None:
        """Leave no report."""
        for sink in self._outputs.sinks:
            sink.discard()

    def _close_files(self) -> None:
        for file in (self._late_file, self._bad_file):
            if file is not None:
                file.close()


def progress_line(ledger: Ledger) -> str:
    """Events, speed and watermark in one line."""
    seconds = max(ledger.seconds, 1e-9)
    speed = f"{ledger.lines / seconds:,.0f}/s  {ledger.bytes / seconds / 1e6:,.0f} MB/s"
    return f"{ledger.lines:,} lines  {speed}  watermark {watermark_text(ledger.watermark) or '-'}"


def summary(ledger: Ledger) -> str:
    """The ledger as an equation, and how long it took."""
    from streamstat.ledger import BUCKETS

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


def loss(ledger: Ledger, places: list[BadPlace], kept: frozenset[str]) -> str | None:
    """One line that says what was lost and which option would keep it; None if nothing was."""
    lost = {name: getattr(ledger, name) for name in KEEPERS if getattr(ledger, name)}
    if not lost:
        return None
    counts = ", ".join(f"{count:,} {name}" for name, count in lost.items())
    first = "; first " + "; ".join(printable(str(place)) for place in places) if places else ""
    hints = "; ".join(KEEPERS[name] for name in lost if name not in kept)
    return f"lost of {ledger.lines:,} lines: {counts}{first}" + (f"; {hints}" if hints else "")
