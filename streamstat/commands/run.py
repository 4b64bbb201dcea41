"""One `streamstat run`: what is opened and published, in which order."""

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from streamstat.commands.line_files import GrowingLines, Lines
from streamstat.commands.messages import broken_off, loss, summary
from streamstat.commands.settings import Settings, idle_flush_s
from streamstat.commands.watch import RunWatcher
from streamstat.common.errors import ConfigError, ReadWriteError, StreamstatError, UsageError
from streamstat.common.streams import is_broken_pipe, is_pipe, is_writable
from streamstat.common.terminal import printable
from streamstat.common.units import parse_duration
from streamstat.common.workers import Workers
from streamstat.engine.ledger import Ledger
from streamstat.input.sources import Stop
from streamstat.input.sources.inputs import Inputs, expand
from streamstat.output.outputs import Form, check_names, check_paths, column_types, outputs
from streamstat.output.sinks.files import Report, Stream
from streamstat.plan.job import with_time
from streamstat.plan.meaning import job_of
from streamstat.plan.measures import attempt
from streamstat.plan.plan import Plan
from streamstat.runners import Live
from streamstat.runners.local import LocalRunner

if TYPE_CHECKING:
    from streamstat.checkpoints.resume import Session
    from streamstat.input.logs.tracking import Tracking

PATIENCE_S = 5.0


class Command:
    """A run from the command line. `say` prints a line to stderr, `show` the progress line (None: not watched)."""

    def __init__(
        self, chosen: Settings, say: Callable[[str], None], show: Callable[[str], None] | None
    ) -> None:
        self._chosen, self._say = chosen, say
        self._show = None if chosen.quiet else show
        self._threads = chosen.threads or len(os.sched_getaffinity(0))
        self._workers = Workers(self._threads)
        self._session: Session | None = None
        self._own: list[Report | GrowingLines] = []  # files beside the reports
        try:
            self._job = job_of(chosen.plan, live=chosen.follow or chosen.state is not None)
            self._idle_flush_s = idle_flush_s(chosen)
            check_names(chosen.written)
            types = column_types(chosen.type, self._job.fields)
            self._check_stdout()
            self._form = Form(self._job.zone, chosen.csv_raw, types, self._workers)
            if chosen.state is None:
                self._begin()
            else:
                self._go_on(chosen.state)
        except UsageError as error:
            option = error.place.removeprefix("--").replace("-", "_")
            if chosen.config is None or option not in chosen.configured:
                raise
            raise ConfigError(f"{chosen.config}: {option}", error.problem, error.hint) from None
        if self._session is not None:
            self._session.recover()
            for note in self._session.folder.notes:
                self._say(note)
        self._watcher = self._watched()
        self._runner = self._running()
        self._stats = None if chosen.stats in (None, "-") else Report(str(chosen.stats))
        if self._stats is not None:
            self._own.append(self._stats)

    def _begin(self) -> None:
        """A run of its own."""
        chosen = self._chosen
        for option, given in (("--commit-every", chosen.commit_every), ("--flush", chosen.flush or None)):
            if given is not None:
                raise UsageError(option, "means nothing without --state", "for example --state hourly.state")
        self._outputs = outputs(chosen.output, chosen.stdout_format, self._form)
        self._tracking = self._tracked() if chosen.follow else None
        self._inputs = self._expand() if self._tracking is None else self._tracking.inputs
        self._check_paths()

    def _go_on(self, state: str) -> None:
        """A run that goes on where the last one stopped."""
        from streamstat.checkpoints.outputs import OutputOptions
        from streamstat.checkpoints.resume import open_session

        chosen = self._chosen
        if not chosen.inputs or "-" in chosen.inputs:
            raise unrepeatable("stdin")
        base = os.path.abspath(state)  # noqa: PTH100 - Path.absolute keeps the dots
        options = OutputOptions(
            base,
            [path if path == "-" else os.path.relpath(path, base) for path in chosen.output],
            chosen.stdout_format,
            chosen.late_file and os.path.relpath(chosen.late_file, base),
            chosen.bad_file and os.path.relpath(chosen.bad_file, base),
        )
        every = "30s" if chosen.commit_every is None else chosen.commit_every
        self._every_s = attempt("--commit-every", parse_duration, every) / 1_000_000
        plan = {each.name: getattr(chosen.plan, each.name) for each in fields(Plan)}
        plan |= {"output": options.output, "late_file": options.late_file, "bad_file": options.bad_file}
        plan |= {"csv_raw": chosen.csv_raw, "type": sorted(chosen.type)}
        stdout = Stream(sys.stdout.buffer)
        self._session = open_session(state, plan, options, self._form, stdout, self._tracked)
        self._tracking = self._session.tracking
        for one in self._session.tracking.others:
            raise unrepeatable(printable(one.name))
        self._outputs, self._inputs = self._session.outputs.sinks, self._session.tracking.inputs
        self._check_paths()
        if self._session.checkpoint.time is not None:
            self._job = with_time(self._job, self._session.checkpoint.time)

    def _check_stdout(self) -> None:
        """Rows that nobody can get must be neither counted as printed nor committed."""
        paths = self._chosen.output
        if (not paths or "-" in paths) and not is_writable(sys.stdout.fileno()):
            hint = "-o report.csv writes rows to a file"
            raise ReadWriteError("stdout", "is closed, or not open for writing", hint)

    def _check_paths(self) -> None:
        sources = frozenset(one.identity for one in self._inputs if one.identity is not None)
        check_paths(self._chosen.written, sources)

    def _watched(self) -> RunWatcher:
        chosen, kept = self._chosen, None if self._session is None else self._session.outputs
        late: Lines | None = None if kept is None else kept.late_file
        bad: Lines | None = None if kept is None else kept.bad_file
        if kept is None:
            make = GrowingLines if chosen.follow else Report
            late, bad = (make(path) if path else None for path in (chosen.late_file, chosen.bad_file))
            self._own = [each for each in (late, bad) if each is not None]
        return RunWatcher(self._outputs, self._say, self._show, late, bad)

    def _running(self) -> LocalRunner:
        chosen, session = self._chosen, self._session
        runner = LocalRunner(
            self._job,
            self._inputs,
            self._watcher,
            find_time=chosen.plan.time is None and (session is None or session.checkpoint.time is None),
            strict=chosen.strict,
            threads=self._threads,
            workers=self._workers,
            over_long_sink=self._watcher.over_long_sink,
            max_expansion=chosen.max_expansion,
            tracking=self._tracking,
            idle_flush_s=self._idle_flush_s,
            live=Live(wait=self._wait),
            committer=None
            if session is None
            else session.commits(self._every_s, lambda: self._metadata(self._runner.ledger)),
            flush=chosen.flush,
        )
        if session is not None:
            session.restore(runner)
        self._before = replace(runner.ledger)
        return runner

    def _wait(self, stop: Stop, descriptors: Sequence[int], seconds: float) -> None:
        """Between two looks at what is followed; a run whose rows nobody reads any more has no reason to go on."""
        stop.wait_for_any(descriptors, seconds)
        if self._outputs.changelog and is_broken_pipe(sys.stdout.fileno()):
            raise BrokenPipeError

    def _expand(self) -> Inputs:
        self._check_terminal()
        return expand(self._chosen.inputs)

    def _tracked(self, records: Sequence[Mapping[str, Any]] = ()) -> "Tracking":
        """The inputs from where they were left; what this run writes is none of them, even if a glob matches it."""
        from streamstat.input.logs.tracking import Tracking

        self._check_terminal()
        chosen = self._chosen
        return Tracking(
            chosen.inputs,
            records,
            follow=chosen.follow,
            left_out=[path for _, path in chosen.written],
            max_expansion=chosen.max_expansion,
            say=self._say,
        )

    def _check_terminal(self) -> None:
        if not self._chosen.inputs and sys.stdin is not None and sys.stdin.isatty():
            hint = "for example: streamstat run access.ndjson, or: cat access.ndjson | streamstat run"
            raise UsageError("INPUT", "nothing to read: stdin is a terminal", hint)

    def stop(self) -> None:
        """End at a line."""
        self._runner.stop()

    def discard(self) -> None:
        """Leave no report; at any moment. What a state has of outputs the next run puts in order."""
        if self._session is None:
            self._watcher.discard()
        if self._stats is not None:
            self._stats.discard()

    def run(self) -> None:
        """Run, publish, and say what was lost."""
        impatience = self._impatience()
        failure: StreamstatError | None = None
        try:
            for file in self._own:  # from here on a signal takes back what is begun
                file.open()
            try:
                with nullcontext() if self._session is None else self._session.going_on():
                    self._runner.run()
            except StreamstatError as error:
                if not self._runner.finished:
                    raise
                failure = error
            ledger = self._runner.ledger
            ledger.seconds = self._watcher.seconds
            self._publish(ledger)
        except BaseException:
            if self._session is not None:
                self._session.discard()
            self.discard()
            raise
        finally:
            impatience.cancel()
            self._workers.close()
            if self._session is not None:
                self._session.close()
        self._report(ledger)
        if failure is not None:
            raise failure

    @property
    def interrupted(self) -> bool:
        """Whether a signal has ended the run before its end."""
        return self._runner.ledger.interrupted

    @property
    def _is_broken_off(self) -> bool:
        """Whether it was, and nothing is to go on from there."""
        return self.interrupted and self._session is None and not self._chosen.follow

    def _publish(self, ledger: Ledger) -> None:
        """Publish what is not published by commits."""
        if self._is_broken_off:
            self._watcher.break_off(self._metadata(ledger))
        elif self._session is None:
            self._watcher.commit(self._metadata(ledger))

    def _metadata(self, ledger: Ledger) -> dict[str, str]:
        import json

        options = {each.name: getattr(self._chosen.plan, each.name) for each in fields(Plan)}
        return {
            "streamstat.options": json.dumps(options),
            "streamstat.ledger": json.dumps(ledger.as_dict()),
        }

    def _report(self, ledger: Ledger) -> None:
        this_run = ledger.since(self._before)
        figures = ledger.as_dict()
        if self._session is not None:
            figures["run"] = this_run.as_dict()
        if self._chosen.stats is not None:
            import json

            stats = json.dumps(figures, indent=2) + "\n"
            if self._stats is not None:
                self._stats.write(stats.encode())
                self._stats.publish()
            else:
                sys.stderr.write(stats)
        for name in self._inputs.duplicates:
            if self._show is not None:
                self._say(f"{name} is named more than once, and was read once")
        for warning in self._runner.warnings:
            self._say(warning)
        for note in self._runner.notes:
            self._say(note)
        for note in () if self._session is None else self._session.notes:
            self._say(note)
        if self._show is not None:
            self._say(summary(this_run))
        if self._is_broken_off:
            self._say(broken_off(this_run, bool(self._outputs.reports)))
        kept = {"late": self._chosen.late_file, "bad": self._chosen.bad_file}
        places = {"first": self._watcher.bad_places, "too far ahead:": self._watcher.future_places}
        lost = loss(this_run, places, frozenset(name for name, path in kept.items() if path))
        if lost is not None:
            self._say(lost)

    def _impatience(self) -> threading.Timer:
        """Says once, to those who watch a pipe, why no row comes."""
        timer = threading.Timer(PATIENCE_S, self._explain)
        timer.daemon = True
        piped = any(is_pipe(one.name) for one in self._inputs)
        if self._show is not None and self._job.delay_us is None and piped:
            timer.start()
        return timer

    def _explain(self) -> None:
        if not self._watcher.rows:
            self._say(
                "no row yet: windows fire at the end of input; with --delay 10s they fire as events come"
            )


def unrepeatable(name: str) -> UsageError:
    """What is said of an input that a state cannot have."""
    problem = "cannot be read with --state: what was taken from it cannot be read again after a crash"
    hint = "name files or globs; a stream can be kept in one, for example with: tee -a events.ndjson"
    return UsageError(name, problem, hint)
