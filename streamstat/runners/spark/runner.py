"""The driver of a run on Spark: it looks at the inputs, has tasks read them, and publishes what comes of that.

To whoever has begun it, it is a runner like the one that reads by itself: the same watcher, ledger, notes and errors.
"""

import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import pyarrow as pa

from streamstat.common.errors import StreamstatError
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.input.feed import Limits
from streamstat.input.formats import name_of
from streamstat.input.sources.inputs import Inputs
from streamstat.plan.job import Job
from streamstat.plan.plan import Plan
from streamstat.runners import Watcher
from streamstat.runners.fruitless import Fruitless
from streamstat.runners.holes import Holes
from streamstat.runners.notes import Note
from streamstat.runners.notes.of_reports import ReportNotices
from streamstat.runners.spark.findings import BAD, HEADING, PartFinding, add_up, read_findings
from streamstat.runners.spark.finishing import OrderedRows
from streamstat.runners.spark.job_graph import JobGraph, graph_of, needs_all_groups, piece_form, told_by
from streamstat.runners.spark.looks import InputLook, Looks
from streamstat.runners.spark.mapping import TaskPlan
from streamstat.runners.spark.part_run import SEQUENCE_BITS
from streamstat.runners.spark.reducing import Together
from streamstat.runners.spark.splits import Split, splits_of
from streamstat.runners.spark.work import Beside


class Carries(Protocol):
    """Who carries out jobs: a session of Spark."""

    @property
    def split_bytes(self) -> int:
        """How much of a file a task reads."""

    def table(self, graph: JobGraph) -> pa.Table:
        """What comes of a job, in no order."""

    def cancel(self) -> None:
        """End it; from another thread."""

    def failure(self, error: BaseException) -> StreamstatError:
        """What a job has failed with, as one line."""

    def stop(self) -> None:
        """Give back what is held."""


class SparkRunner:
    """One run of a plan, which means `job`, over inputs that tasks can open. session: begins one, or finds it."""

    def __init__(
        self,
        plan: Plan,
        job: Job,
        inputs: Inputs,
        limits: Limits,
        watcher: Watcher,
        session: Callable[[], Carries],
        *,
        strict: bool = False,
        keeps_lines: bool = False,
        now_us: int | None = None,
    ) -> None:
        self._plan, self._inputs, self._limits, self._watcher = plan, inputs, limits, watcher
        self._new_session, self._strict, self._now_us = session, strict, now_us
        self._keeps_lines = keeps_lines
        self._engine = Engine(job)
        self._session: Carries | None = None
        self._notices = ReportNotices(job, ends=True)
        self._fruitless, self._holes = Fruitless(), Holes()
        self._said: list[str] = []
        self._failure: StreamstatError | None = None
        self.finished = False
        self.verdict: Note | None = None  # why a strict run must not be published, though all was read

    @property
    def engine(self) -> Engine:
        """The engine of the driver, which has the ledger of the whole."""
        return self._engine

    @property
    def ledger(self) -> Ledger:
        """The ledger of the run."""
        return self._engine.ledger

    @property
    def positions(self) -> Mapping[int, int]:
        """No other run goes on from there."""
        return {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know."""
        return tuple(self._said)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was skipped of the inputs, and what the run could make nothing of."""
        return (*self._holes.notes(self._inputs), *map(str, self._notices.notes()))

    @property
    def first_places(self) -> list[dict[str, str]]:
        """The first event without a time, and the first value that no call could use."""
        return self._notices.first_places

    def stop(self) -> None:
        """End without rows; from any thread or signal handler."""
        if not self.finished:
            self.ledger.interrupted = True

    def run(self) -> Ledger:
        """Run to the end of input; raises what an input failed with after all that could be read is published."""
        for report in self._engine.reports:
            self._watcher.opened(report.number, *report.fields)
        looks = self._look()
        found = None if self.ledger.interrupted else self._on_spark(looks)
        if found is None:
            return self.ledger
        splits, table = found
        rest, texts, said = told_by(table)
        names = [one.name for one in self._inputs]
        self._take(read_findings(texts, splits, names, self._asked.run), splits)
        self._publish(self._publications(rest, said))
        self.ledger.check()
        if self._strict:
            self.verdict = next((note for note in self._notices.notes() if note.ends_strict), None)
        if self.verdict is not None:
            self._failure = self._failure or self.verdict.error
        self.finished = True
        self._watcher.progress(self.ledger)
        if self._failure is not None:
            raise self._failure
        return self.ledger

    def _look(self) -> list[InputLook]:
        looks = Looks(self._engine.job, self._inputs, self._limits)
        found = looks.all()
        for one, look in zip(self._inputs, found, strict=True):
            if look.format is not None:
                self._watcher.format_found(one.name, name_of(look.format))
        if looks.time is not None:
            self._engine.tell_time(looks.time)
            self._notices.tell_time(looks.time, 0)
            self._watcher.time_found(looks.time)
        job = self._engine.job
        times = job.since_us, job.until_us, looks.time, self._now_us
        how = self._strict, self._keeps_lines, self._limits.max_expansion, secrets.token_hex(8)
        self._asked = TaskPlan(self._plan, *times, *how)
        return found

    def _on_spark(self, looks: Sequence[InputLook]) -> tuple[list[Split], pa.Table] | None:
        """The parts, and what comes of the job over them; None if it was ended by a signal."""

        def work() -> tuple[list[Split], pa.Table] | None:
            self._session = session = self._new_session()
            try:
                splits = splits_of(self._inputs, looks, session.split_bytes)
                graph = graph_of(self._asked, splits)
                return None if self.ledger.interrupted else (splits, session.table(graph))
            except Exception as error:
                if self.ledger.interrupted:
                    return None
                raise session.failure(error) from None
            finally:
                session.stop()

        return Beside(work).result(self._cancel_if_stopped)

    def _cancel_if_stopped(self) -> None:
        if self.ledger.interrupted and self._session is not None:
            self._session.cancel()

    def _take(self, findings: Sequence[PartFinding], splits: Sequence[Split]) -> None:
        """What parts have told, in the order of input; raises what ends the run before its rows."""
        job = self._engine.job
        for found in findings:
            if found.failure is not None and not found.is_over:
                raise found.failure
            self._failure = self._failure or found.failure
        add_up(self.ledger, findings, splits)
        self.ledger.numbered = len(splits) << SEQUENCE_BITS
        for found, split in zip(findings, splits, strict=True):
            self._notices.absorb(found.notices)
            self._fruitless.absorb(found.fruitless, job.within)
            self._holes.absorb([(split.input, *each[1:]) for each in found.holes])
            self._tell_lost(found)
            self._watcher.too_far_ahead(iter(found.future))
        if self.ledger.is_fruitless or self._fruitless.lacks_array:
            raise self._failure or self._fruitless.error(self.ledger, job)

    def _tell_lost(self, found: PartFinding) -> None:
        """Bad lines with their places, of which all that anybody asks for are told; and lost ones, if they are kept."""
        places = deque(found.bad)
        for fate, line in found.lost if self._keeps_lines else [(BAD, b"")] * len(places):
            if fate == HEADING:
                self._watcher.heading(line)
            elif fate == BAD:
                self._watcher.bad_line(places.popleft() if len(places) > 1 else places[0], line)
            else:
                self._watcher.lost_lines(iter([line]))

    def _publications(self, table: pa.Table, said: Sequence[str]) -> Iterator[Publication]:
        """All rows; what is to be said of them is known behind the last one."""
        if needs_all_groups(self._engine.job):
            together = Together(self._engine, piece_form(self._engine))
            for batch in table.to_batches():
                together.add(batch)
            yield from self._engine.finish()
            self._said += (*together.said, *self._engine.reports[0].warnings)
            return
        rows = OrderedRows(self._engine.job, table)
        yield from self._engine.finish()  # which has no pieces, and only its watermark moves
        yield from rows.publications(self.ledger)
        self._said += (*said, *rows.warnings)

    def _publish(self, publications: Iterator[Publication]) -> None:
        for each in publications:
            self._watcher.published(each)
