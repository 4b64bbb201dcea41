"""Files that are read from run to run, through rotation: where each is, and how far it was read.

A file is known by device, inode, its first bytes and those before the position reached; what does not match is a new
file. What was rotated away is read to its end, before the file that took its name.
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from streamstat.input.limits import MAX_EXPANSION
from streamstat.input.logs.arguments import Arguments
from streamstat.input.logs.aside import Aside
from streamstat.input.logs.disk import (
    Folders,
    Moved,
    Unreadable,
    base_of,
    folder_of,
    nothing,
    open_same,
)
from streamstat.input.logs.lookout import TRIES, Lookout
from streamstat.input.logs.roll import Roll
from streamstat.input.logs.stage import Move
from streamstat.input.logs.tracked import Tracked
from streamstat.input.sources import Input, Source, Stop
from streamstat.input.sources.descriptors import log_source
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.marks import Mark

NO_STREAMS: Mapping[str, int] = {}
PATIENCE_BETWEEN_RUNS = 1  # a rotated file that is as it was at the last run is closed
PATIENCE_FOLLOWING = 6  # looks, a little over a second


class Tracking:
    """The files that arguments name, from where the records of a former run left them.

    inputs: what is to be read, in order, each from where it was left. notes: what could not be exact, one line each;
    `say` gets them as they come. left_out: files that are not read even if they are named later. streams: which of
    several an argument belongs to. With `follow`, `look` is called again and again, and finds what has changed. Raises
    what `expand` does, but for files that the records know or, with `follow`, may come later.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        records: Sequence[Mapping[str, Any]] = (),
        follow: bool = False,
        *,
        left_out: Sequence[str] = (),
        streams: Mapping[str, int] = NO_STREAMS,
        max_expansion: int = MAX_EXPANSION,
        say: Callable[[str], None] = lambda note: None,
    ) -> None:
        self.follow, self._say = follow, say
        self._patience = PATIENCE_FOLLOWING if follow else PATIENCE_BETWEEN_RUNS
        # Looks are made by the thread that reads, ends and records by the one that takes in.
        self._lock = threading.Lock()
        self._roll = Roll(records, self.note)
        self._numbered: dict[int, Tracked] = {}
        self._notes: dict[str, None] = {}
        before = frozenset(self._roll.files)
        known = {file.argument for file in before}
        aside = Aside(self.note, (file.identity for file in before))
        self._arguments = Arguments(
            arguments, lambda argument: follow or argument in known, left_out, aside, streams
        )
        self.inputs = Inputs(self._arguments.others)
        self.inputs.duplicates += self._arguments.duplicates
        for name in self._arguments.missing if follow else ():
            say(f"{name}: no such file yet; the run waits for it")
        self._lookout = Lookout(self._arguments, self._roll, max_expansion, self.note, self._lock)
        self._lookout.must_open = not follow
        self.look()
        self._tell_new_places([file for file in self._roll.files if file not in before], known)

    @property
    def notes(self) -> list[str]:
        """What could not be exact, in the order in which it was found."""
        return list(self._notes)

    @property
    def others(self) -> list[Input]:
        """The inputs that are read once, and cannot be read again: pipes, terminals, devices; they come first."""
        return self._arguments.others

    @property
    def may_grow(self) -> bool:
        """Whether files are named, or may come."""
        return self._arguments.name_files

    def may_grow_in(self, stream: int) -> bool:
        """The same of one of several streams."""
        return self._arguments.name_files_in(stream)

    def stream_of(self, number: int | None) -> int:
        """The stream that an input is of; 0 for what is none yet."""
        return 0 if number is None else self.inputs[number].stream

    @property
    def held_open(self) -> int:
        """How many files are held open."""
        return sum(file.descriptor is not None for file in self._roll.files)

    @property
    def others_to_come(self) -> bool:
        """Whether there is a log that cannot be opened yet, so that nothing is known of its times."""
        if not self._lookout.waiting:
            return not self._lookout.is_settled
        known = {file.home for file in self._roll.files if not (file.ended or self.is_fresh(file))}
        return any(home not in known for home in self._lookout.waiting)

    def close(self) -> None:
        """Hold no file open any more."""
        for file in self._roll.files:
            file.let_go()

    def look(self, stop: Stop | None = None) -> None:
        """Find out what is new, and what became of the files that are known; raises Stopped if that is asked for."""
        found = self._lookout.look(stop)
        with self._lock:
            shut: set[int] = set()
            for file in found:
                if file.shut:
                    shut.add(file.clock)
                elif file.clock not in shut:
                    self._admit(file)

    def _tell_new_places(self, new: Sequence[Tracked], known: Collection[str]) -> None:
        """A new file named as one that nobody asks for any more may be a copy of it, and counts once more."""
        asked = self._arguments.absolute
        parted = {base_of(argument): argument for argument in known if argument not in asked}
        places = Counter(file.argument for file in new if file.argument not in known)
        for argument, files in places.items():
            if base_of(argument) in parted:
                what = f"{argument} is" if files == 1 else f"the {files:,} files of {argument} are"
                self.note(
                    f"{what} new to this state, which has read {parted[base_of(argument)]}: "
                    "it is read from its beginning, so lines that were read there before count twice"
                )

    def _admit(self, file: Tracked) -> None:
        """Tell of its hole; make it an input, unless there is nothing to be read yet, or any more."""
        if file.hole:
            self.note(f"{file.name}: begins with {file.hole} NULs, as if truncated under its writer: skipped")
            file.hole = 0
        has_nothing_new = file.known is not None and not self.is_closed(file)
        if file.number is None and not (file.ended or file.hollow or has_nothing_new):
            self._number(file)

    def due(self) -> list[Tracked]:
        """The files to be read now, or whose end is to be told, in order; none behind one that cannot be opened."""
        due, shut = [], set()
        with self._lock:
            for file in self._roll.files if self._lookout.is_settled else ():
                if file.shut:
                    shut.add(file.clock)
                if file.number is None or not file.has_end_to_tell or file.hollow or file.clock in shut:
                    continue
                if file.stamp != file.read_stamp or self.is_over(file):
                    due.append(file)
        return due

    def tell_end(self, file: Tracked) -> None:
        """Its end is told from now on; the thread that takes lines in may be changing what it is at."""
        with self._lock:
            file.move(Move.TELLS_ITS_END)

    def is_over(self, file: Tracked) -> bool:
        """Whether it ends here; a compressed file that cannot be read to its end may still be in the making."""
        return self._is_last(file) and (file.error is None or file.quiet >= self._patience)

    def is_closed(self, file: Tracked) -> bool:
        """Whether nothing more will be written to it, so that its last line is whole as it stands."""
        return (file.packed and not file.wide) or file.lost or (file.rotated and file.quiet >= self._patience)

    def _is_last(self, file: Tracked) -> bool:
        """Whether it is closed, and its log goes on in no file that cannot be opened yet."""
        return self.is_closed(file) and file.home not in self._lookout.waiting

    def is_fresh(self, file: Tracked) -> bool:
        """Whether nothing is known of its times."""
        return self._roll.clocks.is_fresh(file)

    def clock(self, number: int) -> int:
        """The number of the event time that an input belongs to; a log keeps it when it is rotated."""
        return self._numbered[number].clock if number in self._numbered else -1 - number

    def taken(self, number: int, mark: Mark) -> None:
        """The lines of an input up to this mark have been taken in."""
        if number in self._numbered:
            self._numbered[number].taken = mark

    def end(self, number: int) -> int | None:
        """An input has ended; the clock that no file goes on with, None if there is none."""
        file = self._numbered.get(number)
        if file is None:
            return self.clock(number)
        with self._lock:
            closed = self._is_last(file)
            file.move(Move.ENDS if closed else Move.GOES_ON)
            clock = self._roll.clocks.end(file)
            if file.gone and closed and file.descriptor is None:
                self._roll.forget([file])
            over = closed or (file.stray and file.home not in self._lookout.waiting)
            return clock if over else None

    def records(self, positions: Mapping[int, int]) -> list[dict[str, Any]]:
        """What the next run needs to know, as JSON can hold it.

        positions: for each input of which lines were taken in, the bytes up to the end of the last one, as the runner
        that was given this tracking counts them.
        """
        for number, position in positions.items():
            file = self._numbered.get(number)
            if file is not None and file.taken.position != position:
                raise ValueError(f"input {number}: {file.taken.position} bytes were taken in, not {position}")
        with self._lock:  # a look may be changing them
            return self._roll.records()

    def _number(self, file: Tracked) -> None:
        """Make a file an input."""
        file.number = len(self.inputs)
        self._numbered[file.number] = file
        through = file.lost or file.known is not None  # its end alone is to be told
        opens = nothing if through else lambda stop: self._open(file)
        growing, fresh = not self.is_closed(file), self.is_fresh(file)
        log, size = (None, 0) if through else (file.clock, file.to_be_read)
        self.inputs.append(
            Input(
                file.name,
                opens,
                file.identity,
                file.mark,
                growing,
                fresh,
                log,
                size=None if self.follow else size,
                stream=self._arguments.stream_of(file.argument),
            )
        )

    def _open(self, file: Tracked) -> Source | None:
        """Open a file just as it was found, even if it was renamed since; None if it cannot be had any more."""
        for _ in range(TRIES):
            try:
                return log_source(open_same(file.path, file.identity), file.mark, packed=file.packed)
            except Moved:
                seen = Folders().with_identity(folder_of(file.path), file.identity)
            except Unreadable as problem:
                self.note(f"{file.name}: {problem}; the next run tries it again")
                return None
            if seen is None:
                break
            file.path = seen.path
        self.note(f"{file.name}: moved or deleted just before its turn; the next run looks for it")
        return None

    def note(self, note: str) -> None:
        """Keep what could not be exact, and say it, once."""
        if note not in self._notes:
            self._notes[note] = None
            self._say(note)
