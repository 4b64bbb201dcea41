"""The engine: blocks of events in, publications out. It reads no clock and no file, and names no plug-in.

For each event, in input order: when it happened; then every report takes it with the watermark as it stands; then the
watermark moves. A block is worked on as columns; it is cut only where a window must fire between two of its events.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from streamstat.common.workers import ALONE, Workers
from streamstat.engine.columns import Columns
from streamstat.engine.ledger import Ledger, of_report
from streamstat.engine.partial import Divided
from streamstat.engine.reports import ReportEngine
from streamstat.engine.sizes import SIZES, Sizes
from streamstat.engine.strategy import Halted, Outcome, Publication
from streamstat.engine.streams import EventStream
from streamstat.engine.triage import Triage
from streamstat.input.events import Events
from streamstat.plan.job import Job, with_time
from streamstat.values.columns import PLUS_INFINITY
from streamstat.values.packing import Part, restore_all, snapshots


class Engine:
    """Runs a job, and those beside it. Feed inputs: begin_input, push blocks, end_input; in turns if need be; finish at
    the end of all. Of a job with several streams each input is one of these.

    ledger: of the run; what is left for reports is `counted` in it where there are several, and each has its own.
    strict: stop before the first event that has no time, or a value of the wrong type.
    """

    def __init__(
        self, job: Job, workers: Workers = ALONE, sizes: Sizes = SIZES, *, strict: bool = False
    ) -> None:
        self.job, self._strict = job, strict
        self.ledger = Ledger(has_queries=job.stores_queries, has_changes=job.counts_changes)
        self._streams = tuple(EventStream(i, each) for i, each in enumerate(job.each_stream))
        ledgers = [Ledger() for _ in job.reports] if job.beside else [self.ledger]
        self.reports = tuple(
            ReportEngine(i, each, ledger, workers, sizes)
            for i, (each, ledger) in enumerate(zip(job.reports, ledgers, strict=True))
        )

    @property
    def time_fields(self) -> tuple[str | None, ...]:
        """Of each stream the field that `tell_time` named, in this run or before a restore."""
        return tuple(each.place.time for each in self._streams)

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """The whole ledger of each report, with what became of the lines before it."""
        if not self.job.beside:
            return (self.ledger,)
        return tuple(of_report(self.ledger, each.ledger, each.watermark) for each in self.reports)

    @property
    def still_open(self) -> dict[str, int]:
        """How much of what waits for the watermark, by what it is, such as `windows`; of all reports together."""
        found: Counter[str] = Counter()
        for report in self.reports:
            found.update(report.still_open)
        return dict(found)

    @property
    def producers(self) -> list[tuple[str, int]]:
        """Each producer and its watermark."""
        return [producer for each in self._streams for producer in each.watermark.producers]

    @property
    def parts(self) -> dict[str, Part]:
        """All that is state, in the order in which it is restored."""
        parts: dict[str, Part] = {"ledger": self.ledger}
        for stream in self._streams:
            name = f"{stream.job.name}/" if self.job.streams else ""
            parts |= {f"{name}{part}": each for part, each in stream.parts.items()}
        if not self.job.beside:
            return parts | self.reports[0].parts
        for report in self.reports:
            own: dict[str, Part] = {"ledger": report.ledger, **report.parts}
            parts |= {f"{report.job.name}/{name}": part for name, part in own.items()}
        return parts

    def snapshot(self) -> dict[str, bytes]:
        """The state as it stands between two blocks, as bytes by part."""
        return snapshots(self.parts)

    def restore(self, parts: Mapping[str, bytes]) -> None:
        """Become what an engine of the same job was. Only before anything is pushed.

        ValueError for anything else than a snapshot of such an engine; this one is of no more use then.
        """
        restore_all(self.parts, parts)
        if self.job.finds_changes and (found := self.reports[0].changes) is not None:
            self.tell_changes(found)
        for stream in self._streams:
            if stream.place.time is not None:
                self.tell_time(stream.place.time, stream.number)

    def begin_input(self, number: int, others_to_come: bool, stream: int = 0) -> None:
        """The blocks of a stream that follow are of this input; others come later, of which nothing is known yet."""
        self._streams[stream].begin_input(number, others_to_come)

    def end_input(self, number: int, stream: int = 0) -> Iterator[Publication]:
        """No more will come of this input: it no longer counts for the watermark, and what waited for it fires."""
        self._streams[stream].end_input(number)
        yield from self._advance()

    def end_stream(self, stream: int) -> Iterator[Publication]:
        """No more will come of this stream: the others wait for it no longer."""
        self._streams[stream].watermark.finish()
        yield from self._advance()

    def settle(self, others_to_come: bool) -> Iterator[Publication]:
        """All that is there by now has been read: what fires though the last input to begin had nothing.

        others_to_come: there are inputs of which nothing is known, which could not be had yet.
        """
        for stream in self._streams:
            stream.watermark.settle(others_to_come)
        yield from self._advance()

    def begin_at(self, sequence: int) -> None:
        """So many events of the whole stand before the first of these."""
        for stream in self._streams:
            stream.place.sequence = sequence
            if sequence:
                stream.years.goes_on()

    @property
    def pieces(self) -> Divided:
        """What the one report keeps, to be put together with what others keep."""
        return self.reports[0].pieces

    def tell_time(self, path: str, stream: int = 0) -> None:
        """Event time of a stream is in this field, from the first event on."""
        self.job = with_time(self.job, path, stream)
        self._streams[stream].tell_time(self.job.each_stream[stream], path)
        for report, job in zip(self.reports, self.job.reports, strict=True):
            report.tell_time(job)

    def tell_changes(self, changes: str) -> None:
        """The log of changes is written in this format."""
        from streamstat.plan.viewing import with_changes

        self.job = with_changes(self.job, changes)
        self._streams[0].become(self.job)
        self.reports[0].tell_changes(self.job)

    def whole(self, *, last: bool) -> Iterator[Publication]:
        """Reports that are replaced as a whole, as they stand. last: all has been read."""
        for report in self.reports:
            yield from report.whole(last=last)

    def push(self, events: Events, now_us: int | None = None, stream: int = 0) -> Iterator[Outcome]:
        """Take in a block: what fires, and the rows that count nowhere, and the block as each report examined it.

        `now_us`: no event may be much later, if nothing else says so. An engine that has stopped is of no more use.
        """
        self.ledger.lines += events.records
        self.ledger.blank += events.blank
        self.ledger.filtered += events.nulls
        self.ledger.bad += events.records - events.blank - events.nulls - events.rows
        if not events.rows:
            return
        own = self._streams[stream]
        others = min(
            (each.watermark.time for each in self._streams if each is not own), default=PLUS_INFINITY
        )
        columns, triage = own.sorted_out(events, self.ledger, now_us, others)
        if self._strict and (stopped := self._first_fault(columns, triage)) is not None:
            for report in self.reports:
                yield from report.take(columns.for_another(), triage, own.place.sequence, stopped.row)
            yield stopped
            return
        if self.job.beside:
            self.ledger.counted += triage.dated.count
        for report in self.reports:
            if self.job.beside:
                report.ledger.lines += triage.dated.count
            yield from report.take(columns.for_another(), triage, own.place.sequence)
        own.taken(events)
        self._note_watermark()
        if triage.refused is not None:
            yield triage.refused

    def _first_fault(self, columns: Columns, triage: Triage) -> Halted | None:
        """The first row that a strict run does not take, for whatever report."""
        faults = [report.first_fault(columns, triage) for report in self.reports]
        return min((each for each in faults if each is not None), key=lambda each: each.row, default=None)

    def fire_all(self) -> Iterator[Publication]:
        """Nothing more is expected for the windows that are open: all fire, and what still comes for them is late."""
        for report in self.reports:
            yield from report.fire_all()
        self._note_watermark()

    def finish(self) -> Iterator[Publication]:
        """The end of all inputs: every window fires."""
        newest = max(*(each.place.newest for each in self._streams), self._least)
        for stream in self._streams:
            stream.watermark.finish()
        for report in self.reports:
            yield from report.finish(newest)
        self._note_watermark()

    def flush(self) -> Iterator[Publication]:
        """Every window that holds an event fires and closes, or has: what still comes for one of them is late."""
        for report in self.reports:
            yield from report.flush()
        self._note_watermark()

    def _advance(self) -> Iterator[Publication]:
        for report in self.reports:
            yield from report.advance(self._least)
        self._note_watermark()

    @property
    def _least(self) -> int:
        """The watermark that holds of all streams."""
        return min(each.watermark.time for each in self._streams)

    def _note_watermark(self) -> None:
        alone = not self.job.beside
        self.ledger.watermark = self.reports[0].watermark if alone else self._least
