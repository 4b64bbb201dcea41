"""A run over a part of the inputs: it keeps its windows for whoever has all parts, and leaves the judgement to them."""

from collections.abc import Iterator

from streamstat.common.errors import StreamstatError
from streamstat.common.record import record
from streamstat.engine.partial import Partial
from streamstat.engine.strategy import Examined, Publication
from streamstat.input.blocks.items import Block
from streamstat.input.blocks.reader import Reader
from streamstat.input.events import Events
from streamstat.input.feed import Limits
from streamstat.input.sources import Input
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.marks import Mark
from streamstat.plan.job import Job
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from streamstat.runners.notes import Sight
from streamstat.runners.notes.of_reports import ReportNotices
from streamstat.runners.sample import Onlooker
from streamstat.runners.spark.findings import BAD, HEADING, LOST, LostLine, PartFinding

FIRST_PLACES = 3
SEQUENCE_BITS = 40  # of the number of an event: so many tell it from the others of its part


@record
class PartFeed:
    """One input, or a range of it. More of the stream is read elsewhere, so no time ends with it."""

    inputs: Inputs
    limits: Limits

    @property
    def is_live(self) -> bool:
        return False

    @property
    def goes_on(self) -> bool:
        return True

    def open(self) -> Reader:
        return self.limits.open(self.inputs)

    def clock(self, number: int) -> int:
        return number

    def taken(self, number: int, mark: Mark) -> None: ...
    def end(self, number: int) -> None:
        return None


class PartWatcher(Onlooker):
    """Keeps the first places of what is lost; and its bytes, if somebody keeps lost lines: what becomes of each."""

    def __init__(self, keeps_lines: bool) -> None:
        super().__init__()
        self._keeps_lines, self._over_long = keeps_lines, list[bytes]()
        self.bad: list[BadPlace] = []
        self.future: list[BadPlace] = []
        self.lines: list[LostLine] = []

    def pass_over(self, piece: memoryview) -> None:
        """A piece of a line over the limit, with its newline."""
        if self._keeps_lines:
            self._over_long.append(bytes(piece))

    def heading(self, line: bytes) -> None:
        if line:
            self._keep(HEADING, line)

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        if len(self.bad) < FIRST_PLACES:
            self.bad.append(place)
        self._keep(BAD, line)

    def over_long_line(self, place: BadPlace, size: int) -> None:
        self.bad_line(place, line := b"".join(self._over_long))
        self._over_long.clear()
        self._keep(LOST, line)

    def lost_lines(self, lines: Iterator[bytes]) -> None:
        for line in lines if self._keeps_lines else ():
            self._keep(LOST, line)

    def too_far_ahead(self, places: Iterator[BadPlace]) -> None:
        room = FIRST_PLACES - len(self.future)
        self.future += [place for place, _ in zip(places, range(room), strict=False)]

    def _keep(self, fate: str, line: bytes) -> None:
        if self._keeps_lines:
            self.lines.append((fate, line))


class PartNotices(ReportNotices):
    """Also knows from when to when events are."""

    def __init__(self, job: Job) -> None:
        super().__init__(job, ends=False)
        self.extent: tuple[int, int] | None = None

    def look(self, sight: Sight, examined: Examined) -> None:
        super().look(sight, examined)
        assert examined.columns.times is not None
        times = examined.columns.times.event[0]
        times = times if examined.dated is None else times[examined.dated]
        if len(times):
            known = self.extent or (int(times[0]), int(times[0]))
            self.extent = min(known[0], int(times.min())), max(known[1], int(times.max()))


class PartRun(LocalRunner):
    """A run over one input, or a range of it, which is part number `part` of all."""

    def __init__(
        self,
        job: Job,
        one: Input,
        limits: Limits,
        part: int,
        *,
        strict: bool,
        keeps_lines: bool,
        now_us: int | None,
    ) -> None:
        self._lost = watcher = PartWatcher(keeps_lines)
        limits = Limits(
            max_expansion=limits.max_expansion, choose=limits.choose, over_long_sink=watcher.pass_over
        )
        super().__init__(job, PartFeed(Inputs([one]), limits), watcher, strict=strict, now_us=now_us)
        self._notices = self._of_part = PartNotices(job)
        self._engine.begin_at(part << SEQUENCE_BITS)

    def read_all(self) -> PartFinding:
        """Run to the end of the part; what there is to tell beside the pieces."""
        failure: StreamstatError | None = None
        try:
            self.run()
        except StreamstatError as error:
            failure = error
        lost = self._lost
        noticed = self._notices.told(), self._fruitless.told(), self._holes.told()
        told = self._places.lines(0), self._of_part.extent, lost.bad, lost.future, lost.lines
        return PartFinding(self.ledger, *told, *noticed, failure, self.finished)

    def partial(self) -> Partial:
        """The pieces, as they stand at the end."""
        return self._engine.pieces.partial()

    def _last(self) -> Iterator[Publication]:
        """Windows wait for what other parts have of them."""
        return iter(())

    def _judge(self) -> None:
        """What is doubtful is told by all parts together."""

    def _push_events(self, block: Block, events: Events) -> None:
        super()._push_events(block, events)
        is_fruitless = self.ledger.is_fruitless or self._fruitless.lacks_array
        if self._fruitless.wants_event and is_fruitless:
            self._keep_event(block, events)
