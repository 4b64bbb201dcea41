"""One `streamstat inspect`: what is opened, and what is printed at the end."""

import json
import os
import sys
from collections.abc import Callable

from streamstat.commands.feeds import check_terminal
from streamstat.commands.inspection.facts import seen_in
from streamstat.commands.inspection.page import sections
from streamstat.commands.inspection.watching import InspectionWatcher
from streamstat.commands.settings import Settings
from streamstat.common.errors import StreamstatError
from streamstat.common.workers import Workers
from streamstat.input.archives import refuse_archives
from streamstat.input.detection import choice
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.sources.inputs import expand
from streamstat.plan.clocks import present
from streamstat.plan.inspect_options import InspectOptions
from streamstat.plan.meaning import format_of, job_of
from streamstat.runners.local import LocalRunner


class Inspection:
    """An inspection from the command line.

    `tell` prints to stdout, `say` a line to stderr, `show` the progress line (None: it is not watched).
    """

    def __init__(
        self,
        chosen: Settings,
        tell: Callable[[str], None],
        say: Callable[[str], None],
        show: Callable[[str], None] | None,
    ) -> None:
        check_terminal(chosen)
        self._chosen, self._tell = chosen, tell
        self._say = _say_nothing if chosen.silent else say
        now_us = None if chosen.now is None else present(chosen.now, chosen.plan)
        job = job_of(chosen.plan, now_us=now_us)
        inputs = expand(chosen.inputs)
        refuse_archives(inputs)
        choose = choice(format_of(chosen.plan), growing=False)
        self._feed = ReadOnce(inputs, Limits(max_expansion=chosen.max_expansion, choose=choose))
        self._watcher = InspectionWatcher(None if chosen.quiet or chosen.silent else show, inputs.size)
        self._workers = Workers(chosen.threads or len(os.sched_getaffinity(0)))
        self._runner = LocalRunner(
            job,
            self._feed,
            self._watcher,
            threads=self._workers.threads,
            workers=self._workers,
            now_us=now_us,
        )

    def stop(self) -> None:
        """End at a line: what was read by then is told."""
        self._runner.stop()

    def discard(self) -> None:
        """Nothing was written."""

    @property
    def interrupted(self) -> bool:
        """Whether a signal has ended it before its end."""
        return self._runner.ledger.interrupted

    def run(self) -> None:
        """Look at all of it, and print what was seen."""
        failure = None
        try:
            self._runner.run()
        except StreamstatError as error:
            if not self._runner.finished:
                raise
            failure = error
        finally:
            self._workers.close()
            self._watcher.hide_progress()
        facts = seen_in(self._chosen, self._runner.engine, self._watcher)
        own = self._chosen.plan.own
        assert isinstance(own, InspectOptions)
        self._tell(json.dumps(facts) if own.as_json else "\n".join(sections(facts, _room())))
        for note in (*self._runner.warnings, *self._runner.notes):
            self._say(note)
        if self.interrupted:
            self._say(f"interrupted after {facts['records']:,} records: this is of those alone")
        if failure is not None:
            raise failure


def _room() -> int | None:
    return os.get_terminal_size(sys.stdout.fileno()).columns or None if sys.stdout.isatty() else None


def _say_nothing(_: str) -> None:
    """What `--silent` says of notes."""
