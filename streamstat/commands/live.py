"""`--live`: a view of a run that stays in place on the terminal while the run follows its inputs.

Asked between two blocks, when nothing else touches the engine. The clock is only shown: no row goes by it.
"""

import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from streamstat.commands.glance import KEYS, Glance, body, head
from streamstat.commands.last_rows import LastRows
from streamstat.commands.own_terminal import OwnTerminal
from streamstat.commands.settings import Settings
from streamstat.common.errors import UsageError
from streamstat.common.terminal import has_styles, is_dumb
from streamstat.common.units import counted
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.output.outputs import Form
from streamstat.output.presentation import Presentation
from streamstat.runners import Live, Run

EVERY_S = 0.19  # a little less than between two looks at files, of which none is to be missed
REST_TIMES = 60  # so many times as long as a view took of a core, no other follows: at most 1/61 of a core
MOST_OPEN = 10_000  # rows
RATE_S = 5.0  # of the last lines, whose rate is told
MOST_NOTES = 100


class LiveView:
    """A `Refresher` that shows how a run stands. forms: of the reports, of which it shows one."""

    def __init__(
        self,
        chosen: Settings,
        forms: Sequence[Form],
        say: Callable[[str], None],
        terminal: OwnTerminal | None = None,
        live: Live = Live(),  # noqa: B008  (immutable)
    ) -> None:
        self._of = next((i for i, each in enumerate(chosen.reports) if each.prints), 0)
        self._offsets, of_rows = forms[self._of].offsets, forms[self._of].presentation
        self._presentation = Presentation(of_rows.keys, of_rows.one_size, sums=of_rows.sums)
        self._told, self._clock, self._terminal = say, live, terminal or OwnTerminal()
        self._name = " ".join(filter(None, [chosen.reports[self._of].name, *(chosen.inputs or ["-"])]))
        self._fired = LastRows()
        self._notes: deque[str] = deque(maxlen=MOST_NOTES)
        self._n_notes = 0
        self._before = Ledger()
        self._read: deque[tuple[float, int]] = deque()
        self._run: Run | None = None
        self._next = 0.0
        self._seen: tuple[object, ...] = ()  # what the body was made of
        self._body: list[str] = []
        self._shown: list[str] = []

    def say(self, message: str) -> None:
        """Say a message: while the view is there the last one is part of it, and all are told behind it."""
        if self._run is None:
            self._told(message)
        else:
            self._notes.append(message)
            self._n_notes += 1

    def goes_on_from(self, ledgers: Sequence[Ledger]) -> None:
        """What earlier runs have read is no part of what it tells."""
        self._before = ledgers[self._of]

    def published(self, publication: Publication) -> None:
        """Rows have fired."""
        if publication.of == self._of and publication.changelog is not None:
            self._fired.add(publication.changelog)

    def due(self, now: float) -> bool:
        """Whether it is time; seconds by the monotonic clock."""
        return now >= self._next

    def refresh(self, run: Run) -> None:
        """Show the run as it stands, and see which keys were pressed."""
        now, began = self._clock.elapsed(), time.thread_time()
        self._run = run
        self._terminal.rest_if_asked()
        if b"q" in self._terminal.pressed():
            signal.raise_signal(signal.SIGINT)
        lines = self._lines(run)
        if lines != self._shown or not self._terminal.is_shown:
            self._terminal.show(lines, has_styles())
            self._shown = lines
        self._next = now + max(EVERY_S, REST_TIMES * (time.thread_time() - began))

    def _lines(self, run: Run) -> list[str]:
        width, height = self._terminal.size
        engine = run.engine
        report, ledger = engine.reports[self._of], engine.ledgers[self._of]
        seen = (ledger.lines, ledger.rows, report.watermark, width, height)
        has_changed = seen != self._seen
        present = report.present(MOST_OPEN) if has_changed else None
        glance = Glance(
            self._name,
            ledger.since(self._before),
            self._per_second(ledger.lines),
            report.watermark,
            int(self._clock.now() * 1_000_000),
            present,
            report.still_open if has_changed and present is None else {},
            self._fired,
            self._presentation,
            self._offsets,
            self._notes[-1] if self._notes else "",
        )
        top = head(glance, width)
        if has_changed:
            self._seen, self._body = seen, body(glance, width, height - len(top))
        return [*top, *self._body][:height]

    def _per_second(self, lines: int) -> float:
        now = self._clock.elapsed()
        self._read.append((now, lines))
        while now - self._read[0][0] > RATE_S and len(self._read) > 2:
            self._read.popleft()
        since, before = self._read[0]
        return (lines - before) / (now - since) if now > since else 0.0

    def leave(self) -> None:
        """Give the terminal back at once; at any moment."""
        self._terminal.leave()

    def end(self) -> None:
        """Give the terminal back, and leave there how the run stood at last, and the messages that were kept."""
        run, self._run = self._run, None
        if (
            run is not None and self._terminal.is_shown
        ):  # else the run has failed, and its engine is not to be asked
            lines = self._lines(run)
            lines[0] = lines[0].removesuffix(KEYS).rstrip()
            self.leave()
            with suppress(OSError):  # of a terminal that is gone
                sys.stderr.write("".join(f"{line}\n" for line in lines))
        if self._n_notes > len(self._notes):
            self._told(f"{counted(self._n_notes - len(self._notes), 'message')} before these are left out")
        for message in self._notes:
            self._told(message)


def check_live(chosen: Settings) -> None:
    """UsageError where there is nothing to be seen, or no place for it."""
    if not chosen.follow:
        raise UsageError("--live", "means nothing without --follow", "for example --follow --live app.log")
    if not sys.stderr.isatty():
        raise UsageError(
            "--live", "needs a terminal, and stderr is none", "leave it out, or do not send stderr away"
        )
    if is_dumb():
        raise UsageError(
            "--live", "needs a terminal that can do more than TERM=dumb", "-f table shows rows as they fire"
        )
    explicit = any(report.prints and (report.output or report.stdout_format) for report in chosen.reports)
    if explicit and sys.stdout.isatty():
        problem = "takes the whole terminal, so rows cannot go there, too"
        raise UsageError("--live", problem, "-o report.csv writes them to a file")
