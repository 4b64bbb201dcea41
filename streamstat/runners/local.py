"""Runs a job on this machine: one thread reads, some decode, the calling one, which is one of them, feeds the engine.

The result depends on the order of the blocks' lines alone, so neither on the number of threads nor on their timing.
"""

from collections.abc import Iterator, Mapping

from streamstat.common.workers import ALONE, Workers
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Examined, Late, Publication, Refused, UnreadableRecords
from streamstat.input.blocks.items import Block, InputBegins, InputEnds, OverLongLine, Pause, StreamEnds
from streamstat.input.events import OVER_LONG, Events
from streamstat.input.feed import Feed
from streamstat.input.formats import name_of
from streamstat.plan.job import Job
from streamstat.runners import Committer, Live, Refresher, Watcher
from streamstat.runners.bad_lines import BadLines
from streamstat.runners.failures import Failures
from streamstat.runners.feeder import DecodingBlock, Step
from streamstat.runners.feeding import feeder_of
from streamstat.runners.found import ChangesFound, TimeFound
from streamstat.runners.fruitless import Fruitless, first_event
from streamstat.runners.holes import Holes
from streamstat.runners.judged import tell_published
from streamstat.runners.lost import lost_lines
from streamstat.runners.notes import Note, Sight
from streamstat.runners.notes.of_reports import ReportNotices, with_report
from streamstat.runners.places import Places, strict_error
from streamstat.runners.promises import Promises
from streamstat.values.columns import I64


class LocalRunner:
    """One run of a job over a feed. A time field that the job does not name is chosen from the first events.

    `threads` at most decode, and one of them feeds the engine; `workers` share the engine's work on a block.
    now_us: the present, if it is not to be asked for.
    idle_flush_s: after so long without a line all windows fire, if the feed goes on.
    With a `committer`, the end of input is not the end of the stream: open windows are held for the next run, unless
    `flush` is set and all that is there was read. refresher: without one, has reports that are replaced shown.
    viewer: shows how the run stands, to those who watch.
    """

    def __init__(
        self,
        job: Job,
        feed: Feed,
        watcher: Watcher,
        *,
        strict: bool = False,
        threads: int = 1,
        workers: Workers = ALONE,
        idle_flush_s: float | None = None,
        live: Live = Live(),  # noqa: B008  (immutable)
        now_us: int | None = None,
        committer: Committer | None = None,
        flush: bool = False,
        refresher: Refresher | None = None,
        viewer: Refresher | None = None,
    ) -> None:
        self._feed, self._watcher, self._strict = feed, watcher, strict
        self._committer, self._flush, self._refresher, self._viewer = committer, flush, refresher, viewer
        self._places = Places(feed)
        self._engine = Engine(job, workers, strict=strict)
        self._live, self._idle_flush_s = live, idle_flush_s
        self._fruitless, self._holes = Fruitless(), Holes()
        self._bad = BadLines(watcher, self._fruitless, feed, holds=job.counts_changes and not strict)
        ends = not feed.goes_on and committer is None
        self._notices = ReportNotices(job, ends)
        self._events_before = self._bytes_before = 0  # read by runs before this one
        self._heard: float | None = self._live.elapsed()  # when the last line came; None: all has fired since
        self._reader, self._now_us, self._threads = feed.open(), now_us, threads
        self._failures = Failures(feed.goes_on, committer is not None)
        self._first_late: dict[int, str] = {}  # of each report
        self.finished = False
        self.verdict: Note | None = None  # why a strict run must not be published, though all was read

    @property
    def engine(self) -> Engine:
        """The engine; between two blocks it may be looked at."""
        return self._engine

    @property
    def positions(self) -> Mapping[int, int]:
        """Of each input, the decompressed bytes up to the last line that the engine has taken."""
        return self._places.positions

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the rows should know."""
        reports = self._engine.reports
        return tuple(with_report(one.job, said) for one in reports for said in one.warnings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left aside or skipped of the inputs, and what the run could make nothing of."""
        skipped = self._holes.notes(self._feed.inputs)
        return (*self._failures.aside, *skipped, *map(str, self._notices.notes()))

    @property
    def first_places(self) -> list[dict[str, str]]:
        """Of each report: the first late event, the first without a time, the first value that no call could use."""
        found = self._notices.first_places
        for number, place in self._first_late.items():
            found[number]["late"] = place
        return found

    @property
    def ledger(self) -> Ledger:
        """The ledger of the run, as it stands."""
        return self._engine.ledger

    def stop(self) -> None:
        """End at a line, as at the end of input; from any thread or signal handler."""
        if not self.finished:
            self._engine.ledger.interrupted = True
        self._reader.stop()

    def run(self) -> Ledger:
        """Run to the end of input; raises what an input failed with after all that could be read is published."""
        self._bytes_before, self._events_before = self._engine.ledger.bytes, self._engine.ledger.events
        for report in self._engine.reports:
            self._watcher.opened(report.number, *report.fields)
        promises = Promises(self._engine, self._watcher)
        feeder = feeder_of(self._engine, self._reader, self._events_before, self._threads, self._stream)
        with feeder:
            for step in feeder.steps():
                self._take(step)
                promises.tell()
                self._commit_if_due()
                if self._viewer is not None and self._viewer.due(self._live.elapsed()):
                    self._viewer.refresh(self)
        if self._is_fruitless and not self._engine.ledger.interrupted:
            raise self._failures.first or self._fruitless.error(self._engine.ledger, self._engine.job)
        self._publish(self._last())
        self._publish(self._engine.whole(last=True))
        promises.tell()
        ledger = self._engine.ledger
        ledger.bytes = self._bytes_before + self._reader.bytes_read
        for each in (ledger, *self._engine.ledgers):
            each.check()
        self._judge()
        if self._committer is not None and self.verdict is None:
            self._committer.end(self)
        self.finished = True
        self._watcher.progress(ledger)
        if self._failures.first is not None:
            raise self._failures.first
        return ledger

    def _judge(self) -> None:
        """A strict run that was not broken off fails if there is doubt about its rows."""
        broken_off = self.ledger.interrupted and self._committer is None and not self._feed.goes_on
        if self._strict and not broken_off:
            self.verdict = next((note for note in self._notices.notes() if note.ends_strict), None)
        if self.verdict is not None:
            self._failures.take(self.verdict.error)

    @property
    def _is_fruitless(self) -> bool:
        """Whether nothing that was read could be used, nor was there ever an event in the runs before this one."""
        fruitless = self._engine.ledger.is_fruitless or self._fruitless.lacks_array
        return not self._feed.goes_on and not self._events_before and fruitless

    def _commit_if_due(self) -> None:
        """Not before something could be used: until then it may be the options that are wrong."""
        committer, ledger = self._committer, self._engine.ledger
        used = self._feed.goes_on or self._events_before or ledger.events > ledger.no_time
        if self._strict and self._notices.in_doubt:
            return
        if used and committer is not None and committer.due(self._live.elapsed()):
            self._publish(self._engine.whole(last=False))
            committer.commit(self)
        elif committer is None and self._refresher is not None and self._refresher.due(self._live.elapsed()):
            self._refresher.refresh(self)

    def _last(self) -> Iterator[Publication]:
        """What fires at the end; what was interrupted under a state goes on just there."""
        if self._committer is None:
            yield from self._engine.finish()
        elif self._reader.read_through:
            yield from self._engine.settle(False)
            yield from self._engine.flush() if self._flush else ()

    def _take(self, step: Step) -> None:
        if isinstance(step, DecodingBlock | OverLongLine):
            self._heard = self._live.elapsed()
        if isinstance(step, DecodingBlock):
            self._push(step.block, step.events.result())
            self._engine.ledger.bytes = self._bytes_before + self._reader.bytes_read
            self._watcher.progress(self._engine.ledger)
        elif isinstance(step, InputBegins):
            begun = self._feed.clock(step.input)
            self._engine.begin_input(begun, step.others_to_come, self._stream(step.input))
        elif isinstance(step, OverLongLine):
            self._over_long(step)
        elif isinstance(step, InputEnds):
            self._failures.take(step.error)
            if not step.stopped and (clock := self._feed.end(step.input)) is not None:
                self._publish(self._engine.end_input(clock, self._stream(step.input)))
        elif isinstance(step, StreamEnds):
            self._publish(self._engine.end_stream(step.stream) if self._committer is None else iter(()))
        elif isinstance(step, Pause):
            self._pause(step)
        elif isinstance(step, TimeFound):
            self._engine.tell_time(step.path, step.stream)
            self._notices.tell_time(step.path, step.stream)
            self._watcher.time_found(step.path)
        elif isinstance(step, ChangesFound):
            self._engine.tell_changes(step.changes)
        elif isinstance(step, BaseException):
            raise step

    def _pause(self, pause: Pause) -> None:
        """Nothing is there to be read: if it has been so for long, nothing more is waited for."""
        self._publish(self._engine.settle(pause.others_to_come))
        if self._idle_flush_s is None or self._heard is None:
            return
        if self._live.elapsed() - self._heard >= self._idle_flush_s:
            self._heard = None
            self._publish(self._engine.fire_all())

    def _stream(self, input: int) -> int:
        return self._feed.inputs[input].stream

    def _publish(self, publications: Iterator[Publication]) -> None:
        for each in publications:
            self._watcher.published(each)

    def _push(self, block: Block, events: Events) -> None:
        if block.first:
            self._watcher.format_found(self._feed.inputs[block.input].name, name_of(block.format))
        if block.mark.format is not None:  # the first block may have told it
            self._watcher.heading(block.mark.format.heading)
        for bad in events.bad_records():
            if self._strict:
                # What stands before the bad line counts as it would if the block had ended there.
                self._push_events(block, events.before(bad.record))
            place = self._places.bad(block.input, bad.line, bad.column, bad.reason)
            self._bad.add(block, bad.begin, place, events.bytes_of(bad))
            if self._strict:
                raise strict_error(place)
        self._push_events(block, events)
        self._bad.tell_held(block)
        self._fruitless.arrays(events, block.alone)
        self._holes.in_block(block, events)
        self._places.taken(block.input, events.lines, block.mark)
        block.release()

    def _push_events(self, block: Block, events: Events) -> None:
        lost: list[I64] = []
        sight = Sight(block.alone, events, lambda row: self._places.shown(block.input, events.line_of(row)))
        for outcome in self._engine.push(events, self._present_us(), self._stream(block.input)):
            if isinstance(outcome, Publication):
                tell_published(self._watcher, outcome, events)
            elif isinstance(outcome, Refused):
                lost.append(outcome.rows)
                self._watcher.too_far_ahead(self._places.ahead(block.input, events, outcome))
            elif isinstance(outcome, Late):
                lost.append(outcome.rows)
                if len(outcome.rows):
                    self._first_late.setdefault(outcome.of, sight.place(int(outcome.rows[0])))
                for line in events.records_of(outcome.rows):
                    self._watcher.late_line(outcome.of, line)
            elif isinstance(outcome, UnreadableRecords):
                for begin, place, line in self._places.unreadable(block.input, events, outcome):
                    self._bad.add(block, begin, place, line)
            elif isinstance(outcome, Examined):
                lost.append(outcome.undated)
                self._notices.look(sight, outcome)
            else:
                raise self._notices.halt(sight, outcome, self._stream(block.input))
        self._watcher.lost_lines(lost_lines(events, lost))
        if self._fruitless.wants_event and self._is_fruitless:
            self._keep_event(block, events)

    def _present_us(self) -> int | None:
        if self._now_us is not None:
            return self._now_us
        return int(self._live.now() * 1e6) if self._feed.is_live else None

    def _keep_event(self, block: Block, events: Events) -> None:
        if (row := first_event(events, self._engine.job)) is not None:
            place = self._places.bad(block.input, events.line_of(row), 0, "no time")
            self._fruitless.event(place, *events.around(row), block.alone, self._bad.beginning(block))

    def _over_long(self, line: OverLongLine) -> None:
        place = self._places.bad(line.input, 0, 0, OVER_LONG)
        if self._strict:
            raise strict_error(place)
        self._holes.before(line)
        self._places.taken(line.input, 1, line.mark)
        self._engine.ledger.lines += 1
        self._engine.ledger.bad += 1
        self._watcher.over_long_line(place, line.size)
        self._fruitless.bad_line(place, line.mark.format, self._bad.beginning(line))
