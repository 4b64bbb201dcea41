"""One `streamstat run`: what is opened and published, in which order."""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from streamstat.commands.alone import alone
from streamstat.commands.lifecycle import Ledgers, Lifecycle, Setup
from streamstat.commands.line_files import Spool
from streamstat.commands.reports import Reports, reports_of, told_of_config
from streamstat.commands.runner_settings import check_runner
from streamstat.commands.settings import Settings, idle_flush_s
from streamstat.commands.spark_run import check_spark_run, spark_runner
from streamstat.commands.telling import places_of, told, told_on_terminal
from streamstat.common.errors import StreamstatError
from streamstat.common.streams import is_pipe
from streamstat.common.workers import Workers
from streamstat.input.blocks.cutting import forget
from streamstat.input.detection import choice
from streamstat.input.feed import Limits
from streamstat.output.outputs import check_names
from streamstat.output.sinks.files import Report
from streamstat.plan.clocks import present
from streamstat.plan.job import Job, with_time
from streamstat.plan.meaning import format_of
from streamstat.runners.local import LocalRunner

if TYPE_CHECKING:
    from streamstat.commands.live import LiveView
    from streamstat.runners.spark.runner import SparkRunner

PATIENCE_S = 5.0


class Command:
    """A run from the command line. `say` prints a line to stderr, `show` the progress line (None: not watched)."""

    def __init__(
        self, chosen: Settings, say: Callable[[str], None], show: Callable[[str], None] | None
    ) -> None:
        if chosen.silent:
            say = _say_nothing
        self._chosen, self._say = chosen, say
        self._is_watched = show is not None and not (chosen.quiet or chosen.silent)
        self._workers = Workers(chosen.threads or len(os.sched_getaffinity(0)))
        with told_of_config(chosen):
            self._now_us = None if chosen.now is None else present(chosen.now, chosen.plan)
            self._idle_flush_s = idle_flush_s(chosen)
            check_names(chosen.written)
            reports = reports_of(chosen, self._workers, self._now_us)
            self._job = reports.job
            check_runner(chosen)
            if chosen.on_spark:
                check_spark_run(chosen, self._job)
            self._view = _view(chosen, reports, say)
            if self._view is not None:
                self._say, show = self._view.say, _show_nothing
            self._lifecycle = _lifecycle(
                chosen, reports, self._say, show if self._is_watched else None, self._view
            )
        self._watcher, self._feed = self._lifecycle.watcher, self._lifecycle.feed
        self._runner = self._running(self._job)
        self._lifecycle.restore(self._runner)
        self._watcher.goes_on_from(self._runner.ledger)
        self._before = [replace(each) for each in self._runner.engine.ledgers]
        if self._view is not None:
            self._view.goes_on_from(self._before)
        self._stats = None if chosen.stats in (None, "-") else Report(str(chosen.stats))

    def _running(self, job: Job) -> "LocalRunner | SparkRunner":
        chosen, committer = self._chosen, self._lifecycle.begin()
        if chosen.on_spark:
            return spark_runner(chosen, job, self._feed.inputs, self._watcher, self._now_us)
        for stream, found in enumerate(self._lifecycle.time_fields):
            job = job if found is None else with_time(job, found, stream)
        return LocalRunner(
            job,
            self._feed,
            self._watcher,
            strict=chosen.strict,
            threads=self._workers.threads,
            workers=self._workers,
            now_us=self._now_us,
            idle_flush_s=self._idle_flush_s,
            committer=committer,
            flush=chosen.flush,
            refresher=self._lifecycle.refresher,
            viewer=self._view,
        )

    def stop(self) -> None:
        """End at a line."""
        self._runner.stop()

    def discard(self) -> None:
        """Leave no report; at any moment. What a state has of outputs the next run puts in order."""
        if self._view is not None:
            self._view.leave()
        self._lifecycle.discard()
        if self._stats is not None:
            self._stats.discard()

    def run(self) -> None:
        """Run, publish, and say what was lost."""
        chosen = self._chosen
        impatience = self._impatience()
        try:
            failure = self._run()
            self._runner.ledger.seconds = self._watcher.seconds
            ledgers = self._runner.engine.ledgers
            if self._runner.verdict is None:
                self._lifecycle.publish(ledgers, places_of(self._lifecycle, self._runner))
            else:
                self._lifecycle.refuse(ledgers)
        except BaseException:
            self._lifecycle.take_back()
            self.discard()
            raise
        finally:
            if self._view is not None:
                self._view.end()
            impatience.cancel()
            self._workers.close()
            self._lifecycle.close()
        this_run = [each.since(before) for each, before in zip(ledgers, self._before, strict=True)]
        self._tell_stats(this_run)
        for line in told(chosen, self._lifecycle, self._runner, this_run):
            self._say(line)
        if self._is_watched:
            for line in told_on_terminal(chosen, self._lifecycle, self._runner, this_run):
                self._say(line)
        if failure is not None:
            raise failure

    def _run(self) -> StreamstatError | None:
        """What an input failed with, if all else could be used."""
        try:
            with self._lifecycle.running():
                if self._stats is not None:
                    self._stats.open()
                self._runner.run()
        except StreamstatError as error:
            if not self._runner.finished:
                raise
            return error
        return None

    @property
    def interrupted(self) -> bool:
        """Whether a signal has ended the run before its end."""
        return self._runner.ledger.interrupted

    def _tell_stats(self, this_run: Ledgers) -> None:
        if self._chosen.stats is None:
            return
        import json

        self._watcher.hide_progress()
        figures = self._lifecycle.figures(self._runner.engine.ledgers, this_run)
        for report in self._runner.engine.reports:
            figures |= report.figures
        figures["notes"] = self._runner.notes
        stats = json.dumps(figures, indent=2) + "\n"
        if self._stats is not None:
            self._stats.write(stats.encode())
            self._stats.publish()
        else:
            sys.stderr.write(stats)

    def _impatience(self) -> threading.Timer:
        """Says once, to those who watch a pipe, why no row comes."""
        timer = threading.Timer(PATIENCE_S, self._explain)
        timer.daemon = True
        piped = any(is_pipe(one.name) for one in self._feed.inputs)
        waits = not (self._moves or self._job.stores_queries or self._job.replaces)
        if self._is_watched and waits and piped:
            timer.start()
        return timer

    @property
    def _moves(self) -> bool:
        """Whether a window may fire before the input ends."""
        return self._job.delay_us is not None or self._job.punctuation is not None

    def _explain(self) -> None:
        if not self._watcher.rows:
            self._say("no row yet: rows come at the end of input; with --delay 10s they come as events do")


def _say_nothing(_: str) -> None:
    """What `--silent` says of notes and losses. An error is raised, and told by `cli`."""


def _view(chosen: Settings, reports: Reports, say: Callable[[str], None]) -> "LiveView | None":
    """What shows the run while it goes on; imported only where it is wanted."""
    if not chosen.live:
        return None
    from streamstat.commands import live

    live.check_live(chosen)
    return live.LiveView(chosen, reports.forms, say)


def _show_nothing(_: str) -> None:
    """What a live view leaves of the progress line."""


def _lifecycle(
    chosen: Settings,
    reports: Reports,
    say: Callable[[str], None],
    show: Callable[[str], None] | None,
    view: "LiveView | None",
) -> Lifecycle:
    spool = Spool() if chosen.bad_file or chosen.lost_file else None
    over_long_sink = forget if spool is None else spool.put
    choose = choice(format_of(chosen.plan), growing=chosen.follow or chosen.state is not None)
    limits = Limits(
        max_expansion=chosen.max_expansion,
        over_long_sink=over_long_sink,
        choose=choose,
        streams=len(reports.job.each_stream),
    )
    viewed = None if view is None else view.published
    setup = Setup(chosen, reports.job, reports.forms, limits, say, show, spool, viewed)
    if chosen.state is None:
        return alone(setup)
    from streamstat.commands.under_state import under_state

    return under_state(setup, chosen.state)
