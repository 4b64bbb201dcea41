"""The first records of the inputs on their way through a run that nobody gets rows of, kept to be looked at.

No more is read of a pipe than brings them, and nothing is waited for that they do not need.
"""

from collections.abc import Generator, Iterator

import numpy as np

from streamstat.common.record import record
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.input.blocks.items import Block, Item
from streamstat.input.blocks.reader import Reader
from streamstat.input.events import Events, decoder_of
from streamstat.input.feed import Feed
from streamstat.input.formats import Format
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.marks import Mark
from streamstat.kernels import PADDING
from streamstat.plan.job import Job
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import U8, ResultField

MOST_RECORDS, MOST_SAMPLED_BYTES = 1000, 16 << 20


@record
class SampledBlock:
    """A block with room for a decoder behind it; of which input, how it is read, and how many lines stand before."""

    input: str
    content: U8
    begin: int
    format: Format
    alone: Format  # what reads one record of it
    lines: int

    def events(self, job: Job) -> Events:
        """As a job sees them."""
        return job.decoder(self.format).decode(self.content, self.begin)


@record
class Sample:
    """Blocks of the first records; the job as these have made it; what the run knows of them.

    is_whole: there are no more records. formats: that of each input that was begun, by name.
    """

    job: Job
    blocks: tuple[SampledBlock, ...]
    ledgers: tuple[Ledger, ...]
    notes: tuple[str, ...]
    is_whole: bool
    formats: dict[str, str]


def sampled(job: Job, feed: Feed, now_us: int | None) -> Sample:
    """Run over the first records; raises what a run over these alone would, but for what an input failed with."""
    first, onlooker = FirstRecords(feed), Onlooker()
    runner = LocalRunner(job, FirstOf(feed, first), onlooker, now_us=now_us)
    runner.run()
    told = (runner.engine.ledgers, runner.notes, first.is_whole, onlooker.formats)
    return Sample(runner.engine.job, tuple(first.blocks), *told)


class FirstRecords(Reader):
    """The items of a feed up to its first so many records; blank lines are none."""

    def __init__(self, feed: Feed) -> None:
        super().__init__()
        self._feed, self._reader = feed, feed.open()
        self._left, self._room = MOST_RECORDS, MOST_SAMPLED_BYTES
        self._lines: dict[int, int] = {}
        self.blocks: list[SampledBlock] = []
        self.is_whole = False

    def _read_all(self) -> Generator[Item, None, None]:
        for item in self._reader:
            if isinstance(item, Block):
                self._shorten(item)
                yield item
            else:
                yield item
            if self._left <= 0 or self._room <= 0:
                return
        self.is_whole = True

    def _shorten(self, block: Block) -> None:
        """Cut a block behind the last record that is wanted, and keep it."""
        events = decoder_of(block.format, {}).decode(_content(block), block.begin)
        begins = [*events.begins_of(np.arange(events.rows)), *(bad.begin for bad in events.bad_records())]
        if len(begins) > self._left:
            block.size, block.last = sorted(begins)[self._left], False
        self._left -= len(begins)
        self._room -= block.size
        name, lines = self._feed.inputs[block.input].name, self._lines.get(block.input, 0)
        kept = (name, _content(block), block.begin, block.format, block.alone, lines)
        self.blocks.append(SampledBlock(*kept))
        self._lines[block.input] = lines + events.lines

    @property
    def bytes_read(self) -> int:
        return self._reader.bytes_read

    @property
    def stopped(self) -> bool:
        return self._reader.stopped

    def stop(self) -> None:
        self._reader.stop()

    def close(self) -> None:
        super().close()
        self._reader.close()


def _content(block: Block) -> U8:
    """A copy, with the room behind it that decoders need."""
    return block.buffer[: block.size + PADDING].copy()


@record
class FirstOf:
    """A feed that ends behind its first records."""

    feed: Feed
    reader: FirstRecords

    @property
    def inputs(self) -> Inputs:
        return self.feed.inputs

    @property
    def is_live(self) -> bool:
        return self.feed.is_live

    @property
    def goes_on(self) -> bool:
        return False

    def open(self) -> Reader:
        return self.reader

    def clock(self, number: int) -> int:
        return self.feed.clock(number)

    def taken(self, number: int, mark: Mark) -> None: ...
    def end(self, number: int) -> int | None:
        return self.feed.end(number)


class Onlooker:
    """A watcher that keeps nothing of a run but the formats of its inputs."""

    def __init__(self) -> None:
        self.formats: dict[str, str] = {}

    def format_found(self, input: str, format: str) -> None:
        self.formats[input] = format

    def opened(
        self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]
    ) -> None: ...
    def time_found(self, field: str) -> None: ...
    def published(self, publication: Publication) -> None: ...
    def promised(self, of: int, time: int) -> None: ...
    def heading(self, line: bytes) -> None: ...
    def bad_line(self, place: BadPlace, line: bytes) -> None: ...
    def over_long_line(self, place: BadPlace, size: int) -> None: ...
    def late_line(self, of: int, line: bytes) -> None: ...
    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None: ...
    def lost_lines(self, lines: Iterator[bytes]) -> None: ...
    def too_far_ahead(self, places: Iterator[BadPlace]) -> None: ...
    def progress(self, ledger: Ledger) -> None: ...
