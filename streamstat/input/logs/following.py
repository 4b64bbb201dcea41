"""Following inputs as they grow, in turns: what `tail -F` does, for files through rotation, and for pipes.

In each round every input that has something new gives it, up to its present end; then there is a pause.
"""

import time
from collections.abc import Callable, Generator, Iterator

from streamstat.common.errors import StreamstatError
from streamstat.input.blocks.cutting import Cutter, OverLongSink, forget
from streamstat.input.blocks.items import InputBegins, InputEnds, Item, Pause, StreamEnds
from streamstat.input.blocks.reader import Reader, SourceReader
from streamstat.input.detection import as_ndjson
from streamstat.input.formats import Choose
from streamstat.input.limits import MAX_EXPANSION
from streamstat.input.logs.disk import Moved, Unreadable, open_same
from streamstat.input.logs.tracked import Tracked
from streamstat.input.logs.tracking import Tracking
from streamstat.input.sources import Input, Source, Stop, Stopped, Wait
from streamstat.input.sources.descriptors import PipeSource, log_source
from streamstat.input.sources.detecting import DetectingSource
from streamstat.input.sources.guarded import GuardedSource, read_error
from streamstat.input.sources.marks import Mark

LEAST_SECONDS, MOST_SECONDS = 0.2, 1.0  # between two rounds
LOOKING = 0.025  # of the time at most, up to a look of 25 ms, which four thousand files take
MOST_HELD_OPEN = 64


class FollowReader(SourceReader):
    """Reads inputs as they grow, with a turn of an input wherever there is an InputBegins.

    It ends when stopped, or when all inputs are pipes that have ended. An InputEnds tells that a file is closed and
    read through. `wait` comes between two rounds; it is given what ends the wait, the pipes, and seconds.
    """

    def __init__(
        self,
        tracking: Tracking,
        block_bytes: int,
        max_line_bytes: int,
        max_expansion: int = MAX_EXPANSION,
        sink: OverLongSink = forget,
        choose: Choose = as_ndjson,
        wait: Wait = Stop.wait_for_any,
        streams: int = 1,
    ) -> None:
        super().__init__(block_bytes, max_line_bytes, max_expansion, sink, choose)
        self._tracking, self._wait = tracking, wait
        self._streams = list(range(streams))  # those that have not ended
        self._pipes = [_Pipe(number, one) for number, one in enumerate(tracking.others)]

    @property
    def bytes_read(self) -> int:
        """Bytes read so far, as stored: of compressed inputs the compressed bytes."""
        return super().bytes_read + sum(pipe.bytes_read for pipe in self._pipes)

    def close(self) -> None:
        """Close what is open; for the thread that iterates."""
        super().close()
        self._tracking.close()
        for pipe in self._pipes:
            pipe.close()

    def _read_all(self) -> Generator[Item, None, None]:
        look_seconds = 0.0
        while not self._stop.asked:
            self.read_through = False
            yield from self._round()
            self.read_through = not self._stop.asked
            yield from self._ended_streams()
            if not self._tracking.may_grow and all(pipe.over for pipe in self._pipes):
                break
            yield Pause(self.others_to_come)
            pipes = [pipe.descriptor for pipe in self._pipes if pipe.descriptor is not None]
            self._wait(self._stop, pipes, min(max(LEAST_SECONDS, look_seconds / LOOKING), MOST_SECONDS))
            began = time.monotonic()
            try:
                self._tracking.look(self._stop)
            except Stopped:
                break
            look_seconds = time.monotonic() - began

    def _round(self) -> Iterator[Item]:
        turns: list[Tracked | _Pipe] = [*self._tracking.due(), *self._pipes]
        self.others_to_come = self._tracking.others_to_come
        lanes: dict[int, list[Tracked | _Pipe]] = {}
        for each in turns:
            lanes.setdefault(self._tracking.stream_of(each.number), []).append(each)
        yield from in_turns({stream: self._turns(each) for stream, each in lanes.items()}, self)

    def _ended_streams(self) -> Iterator[Item]:
        """Of several streams those that are nothing but pipes, all of which have ended."""
        for stream in self._streams if len(self._streams) > 1 else ():
            pipes = [pipe for pipe in self._pipes if pipe.one.stream == stream]
            if all(pipe.over for pipe in pipes) and not self._tracking.may_grow_in(stream):
                self._streams.remove(stream)
                yield StreamEnds(stream)

    def _turns(self, turns: "list[Tracked | _Pipe]") -> Iterator[Item]:
        last_fresh = max((place for place, each in enumerate(turns) if self._is_fresh(each)), default=-1)
        absent: set[int] = set()  # logs of which a file could not be had: what stands behind it waits
        for place, each in enumerate(turns):
            if self._stop.asked:
                return
            others_to_come = place < last_fresh or self.others_to_come
            if isinstance(each, _Pipe):
                if not each.over:
                    yield from self._pipe_turn(each, others_to_come)
            elif each.clock not in absent and not (yield from self._turn(each, others_to_come)):
                absent.add(each.clock)
                self.others_to_come = self.others_to_come or self._tracking.is_fresh(each)

    def _is_fresh(self, each: "Tracked | _Pipe") -> bool:
        return self._tracking.is_fresh(each) if isinstance(each, Tracked) else not each.begun

    def _turn(self, file: Tracked, others_to_come: bool) -> Generator[Item, None, bool]:
        """A file is read to its present end, and told to have ended if nothing more will come.

        Whether it could be had: what was renamed, deleted or forbidden just now waits for the next look.
        """
        assert file.number is not None
        source = None if file.lost else self._opened(file)
        if source is None and not file.lost:
            return False
        yield InputBegins(file.number, file.name, others_to_come)
        file.begun = True
        stamp, growing = file.stamp, not self._tracking.is_closed(file)
        if source is not None:
            yield from self._read(file, source, growing)
        if self._stop.asked:
            return True
        file.read_stamp, over = stamp, self._tracking.is_over(file)
        if over:
            self._tracking.tell_end(file)
        if over or (file.error is not None and growing):
            yield from self._end(file.number, file.error)
        return True

    def _opened(self, file: Tracked) -> Source | None:
        """A file from behind what was read of it; it is held open if there are not too many."""
        try:
            descriptor = file.descriptor
            if descriptor is None:
                descriptor = open_same(file.path, file.identity)
        except Moved:
            return None
        except Unreadable as problem:
            self._tracking.note(f"{file.name}: {problem}; it is waited for")
            return None
        if file.descriptor is None and self._tracking.held_open < MOST_HELD_OPEN:
            file.descriptor = descriptor
        place = file.mark.position + file.skipped
        raw = log_source(descriptor, file.mark, packed=file.packed, owned=file.descriptor is None)
        raw.seek(0 if file.packed else place)
        if place and not file.packed:
            return raw  # what it begins with was seen before
        growing = not self._tracking.is_closed(file)
        return DetectingSource(raw, file.name, self._max_expansion, place, growing)

    def _read(self, file: Tracked, source: Source, growing: bool) -> Iterator[Item]:
        assert file.number is not None
        self._counted = (self._counted[0], source)
        try:
            guarded = GuardedSource(source, file.name, self._stop)
            cutter = self._cutter(file.number, guarded, file.mark, file.skipped)
            yield from cutter.cut(growing=growing)
            file.mark, file.skipped, file.error = cutter.mark, cutter.skipped, guarded.error
        finally:
            self._counted = (self._counted[0] + source.bytes_read, None)
            source.close()

    def _pipe_turn(self, pipe: "_Pipe", others_to_come: bool) -> Iterator[Item]:
        """What a pipe has brought."""
        begins = InputBegins(pipe.number, pipe.one.name, others_to_come)
        if not pipe.begun:
            yield begins
            pipe.open(self._stop, self._max_expansion, self._cutter)
        told = pipe.begun
        pipe.begun = True
        for item in () if pipe.cutter is None else pipe.cutter.cut_present():
            if told:
                yield begins
                told = False
            yield item
        if pipe.over and not self._stop.asked:
            yield from self._end(pipe.number, pipe.error)

    def _end(self, number: int, error: StreamstatError | None) -> Iterator[Item]:
        """The end of an input; a run that goes on must not keep an error to itself until it ends."""
        if error is not None:
            self._tracking.note(str(error))
        yield InputEnds(number, error)

    def _cutter(
        self,
        number: int,
        source: GuardedSource,
        mark: Mark = Mark(),  # noqa: B008  (a tuple)
        skipped: int = 0,
    ) -> Cutter:
        return Cutter(
            number, source, self._pool, self._max_line_bytes, self._sink, self._choose, mark, skipped
        )


def in_turns(lanes: dict[int, Iterator[Item]], reader: Reader) -> Iterator[Item]:
    """Items of several streams, each in its order, from that which the reader is to prefer, if it has any."""
    while lanes:
        stream = reader.preferred if reader.preferred in lanes else next(iter(lanes))
        item = next(lanes[stream], None)
        if item is None:
            del lanes[stream]
        else:
            yield item


class _Pipe:
    """An input that is read once, as it comes. over: nothing more will come; error: because reading failed."""

    def __init__(self, number: int, one: Input) -> None:
        self.number, self.one = number, one
        self.begun = False
        self.cutter: Cutter | None = None
        self.error: StreamstatError | None = None
        self._source: Source | None = None
        self._guarded: GuardedSource | None = None

    @property
    def over(self) -> bool:
        if self._guarded is not None:
            self.error = self._guarded.error
            return self._guarded.over
        return self.error is not None

    @property
    def descriptor(self) -> int | None:
        """What to wait for, as long as there is something to wait for."""
        return self._source.descriptor if isinstance(self._source, PipeSource) and not self.over else None

    @property
    def bytes_read(self) -> int:
        return 0 if self._source is None else self._source.bytes_read

    def open(self, stop: Stop, max_expansion: int, cutter: Callable[[int, GuardedSource], Cutter]) -> None:
        """Open it; a failure is its end."""
        try:
            self._source = source = self.one.open(stop)
        except OSError as error:
            self.error = read_error(self.one.name, error)
            return
        assert source is not None  # what is read once is there, or fails
        detecting = DetectingSource(source, self.one.name, max_expansion)
        self._guarded = GuardedSource(detecting, self.one.name, stop)
        self.cutter = cutter(self.number, self._guarded)

    def close(self) -> None:
        if self._source is not None:
            self._source.close()
