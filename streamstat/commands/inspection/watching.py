"""What an inspection hears of its run: formats of inputs, and lines that cannot be read, by reason."""

from collections.abc import Callable, Iterator
from time import monotonic

from streamstat.commands.messages import progress_line
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.runners import BadPlace
from streamstat.values.columns import ResultField

SHOWN_EVERY_S = 0.2


class InspectionWatcher:
    """A `Watcher` of a run without rows. show: the progress line (None: nobody looks); size: bytes of all inputs."""

    def __init__(self, show: Callable[[str], None] | None, size: int | None) -> None:
        self._show, self._size = show, size
        self._began = self._shown = monotonic()
        self.formats: dict[str, str] = {}  # of each input
        self.bad: dict[str, tuple[int, BadPlace]] = {}  # by reason: how many, and the first

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return monotonic() - self._began

    def opened(self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        """There are no rows."""

    def time_found(self, field: str) -> None:
        """The job says it, too."""

    def format_found(self, input: str, format: str) -> None:
        """An input begins."""
        self.formats[input] = format

    def published(self, publication: Publication) -> None:
        """There are no rows."""

    def promised(self, of: int, time: int) -> None:
        """Nothing is promised."""

    def heading(self, line: bytes) -> None:
        """No lines are kept."""

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        """One more for its reason."""
        n, first = self.bad.get(place.reason, (0, place))
        self.bad[place.reason] = (n + 1, first)

    def over_long_line(self, place: BadPlace, size: int) -> None:
        """One more for its reason."""
        self.bad_line(place, b"")

    def late_line(self, of: int, line: bytes) -> None:
        """No event is late."""

    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None:
        """There are no commands."""

    def lost_lines(self, lines: Iterator[bytes]) -> None:
        """No lines are kept."""

    def too_far_ahead(self, places: Iterator[BadPlace]) -> None:
        """They are counted in the ledger."""

    def progress(self, ledger: Ledger) -> None:
        """A block has been looked at."""
        now = monotonic()
        if self._show is not None and now - self._shown >= SHOWN_EVERY_S:
            self._shown = now
            ledger.seconds = self.seconds
            self._show(progress_line(ledger, self._size))

    def hide_progress(self) -> None:
        """Leave the line as it was."""
        if self._show is not None:
            self._show("")
