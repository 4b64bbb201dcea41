"""Files that are read from run to run, through rotation: where each is, and how far it was read.

A file is known by device, inode, its first bytes and those before the position reached; what does not match is a new
file. What was rotated away is read to its end, before the file that took its name.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streamstat.sources import Input, Source, Stop
from streamstat.sources.arguments import Arguments, each_once
from streamstat.sources.compressed import MAX_EXPANSION
from streamstat.sources.descriptors import RegularSource
from streamstat.sources.disk import (
    EmptySource,
    Folders,
    base_of,
    folder_of,
    nothing,
    open_same,
    opened,
)
from streamstat.sources.inputs import Inputs
from streamstat.sources.inside import Inside
from streamstat.sources.looking import Copies, Found, Look, Named, changed_in_place
from streamstat.sources.marks import Mark
from streamstat.sources.names import derives, series
from streamstat.sources.tracked import Tracked

PATIENCE_BETWEEN_RUNS = 1  # a rotated file that is as it was at the last run is closed
PATIENCE_FOLLOWING = 6  # looks, a little over a second


class Tracking:
    """The files that arguments name, from where the records of a former run left them.

    inputs: what is to be read, in order, each from where it was left. notes: what could not be exact, one line each;
    `say` gets them as they come. left_out: files that are not read even if they are named later. With `follow`, `look`
    is called again and again, and finds what has changed. Raises what `expand` does, but for files that the records
    know or, with `follow`, may come later.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        records: Sequence[Mapping[str, Any]] = (),
        follow: bool = False,
        *,
        left_out: Sequence[str] = (),
        max_expansion: int = MAX_EXPANSION,
        say: Callable[[str], None] = lambda note: None,
    ) -> None:
        self.follow, self._say = follow, say
        self._stop: Stop | None = None
        self._inside = Inside(max_expansion, lambda: self._stop is not None and self._stop.asked)
        self._patience = PATIENCE_FOLLOWING if follow else PATIENCE_BETWEEN_RUNS
        # Looks are made by the thread that reads, ends and records by the one that takes in.
        self._lock = threading.Lock()
        self._files = [Tracked.from_record(record) for record in records]
        self._numbered: dict[int, Tracked] = {}
        self._seen: Named | None = None  # at the last look
        self._copies: Copies = {}
        self._mates: dict[int, list[Tracked]] = {}  # files by clock
        self._unread: set[int] = set()
        self.notes: list[str] = []
        known = {file.argument for file in self._files}
        self._arguments = Arguments(arguments, lambda argument: follow or argument in known, left_out)
        self.inputs = Inputs(self._arguments.others)
        self.inputs.duplicates += self._arguments.duplicates
        for name in self._arguments.missing if follow else ():
            say(f"{name}: there is none yet; it is waited for")
        self.look()

    @property
    def others(self) -> list[Input]:
        """The inputs that are read once, and cannot be read again: pipes, terminals, devices; they come first."""
        return self._arguments.others

    @property
    def unrepeatable(self) -> list[str]:
        """The names of those."""
        return [one.name for one in self.others]

    @property
    def may_grow(self) -> bool:
        """Whether files are named, or may come."""
        return self._arguments.name_files

    @property
    def held_open(self) -> int:
        """How many files are held open."""
        return sum(file.descriptor is not None for file in self._files)

    def close(self) -> None:
        """Hold no file open any more."""
        for file in self._files:
            file.let_go()

    def look(self, stop: Stop | None = None) -> None:
        """Find out what is new, and what became of the files that are known; raises Stopped if that is asked for."""
        self._stop = stop
        before, files = self._seen, self._arguments.files()
        self._seen = files
        steady = before is not None and all(file.is_steady for file in self._files)
        if steady and (files == before or self._find_grown(before, files)):
            return  # as it mostly is
        for file in self._files:
            if file.ended:
                file.let_go()
        watched = [file for file in self._files if not file.lost]
        named = each_once(files, {file.home for file in self._files})
        here = {seen.identity for _, seen in named}
        self._copies = {copy: found for copy, found in self._copies.items() if copy in here}
        look = Look(watched, named, self._copies, self._inside, self.note)
        look.find()
        with self._lock:
            self._adopt(look)
            for file in self._files:
                self._admit(file)

    def _find_grown(self, before: Named | None, files: Named) -> bool:
        """Whether all that is new was written to files where they are; a look for more takes long if there are many."""
        changed = None if before is None else changed_in_place(before, files)
        if changed is None:
            return False
        at_home = {(file.identity, file.path): file for file in self._files if not file.rotated}
        found = [(file, seen) for seen in changed if (file := at_home.get((seen.identity, seen.path)))]
        if len(found) < len(changed) or not all(file.is_in(seen, self._inside) for file, seen in found):
            return False
        with self._lock:
            for file, seen in found:
                file.found(seen)
                self._admit(file)
        return True

    def _admit(self, file: Tracked) -> None:
        """Tell of its hole; make it an input, unless there is nothing to be read yet, or any more."""
        if file.hole:
            self.note(f"{file.name}: begins with {file.hole} NULs, as if truncated under its writer: skipped")
            file.hole = 0
        if file.number is None and not file.ended and not file.hollow:
            self._number(file)

    def due(self) -> list[Tracked]:
        """The files to be read now, or whose end is to be told, in order."""
        with self._lock:
            left = [file for file in self._files if not (file.ended or file.closing or file.hollow)]
            return [file for file in left if file.stamp != file.read_stamp or self.is_over(file)]

    def is_over(self, file: Tracked) -> bool:
        """Whether it ends here; a compressed file that cannot be read to its end may still be in the making."""
        return self.is_closed(file) and (file.error is None or file.quiet >= self._patience)

    def is_closed(self, file: Tracked) -> bool:
        """Whether nothing more will be written to it, so that its last line is whole as it stands."""
        return file.packed or file.lost or (file.rotated and file.quiet >= self._patience)

    def is_fresh(self, file: Tracked) -> bool:
        """Whether nothing is known of its times."""
        mates = self._mates[file.clock]
        return not file.lost and not any(mate.begun or mate.taken.position for mate in mates)

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
            if number in self._unread:
                return None
            closed = self.is_closed(file)
            file.ended, file.lost = closed, False
            if file.gone and closed and file.descriptor is None:
                self._forget(file)
            over = closed or file.stray
            going_on = any(not mate.ended and mate is not file for mate in self._mates[file.clock])
            return file.clock if over and not going_on else None

    def records(self, positions: Mapping[int, int]) -> list[dict[str, Any]]:
        """What the next run needs to know, as JSON can hold it.

        positions: for each input of which lines were taken in, the bytes up to the end of the last one, as the runner
        that was given this tracking counts them.
        """
        for number, position in positions.items():
            file = self._numbered.get(number)
            if file is not None and file.taken.position != position:
                raise ValueError(f"input {number}: {file.taken.position} bytes were taken in, not {position}")
        return [file.as_record() for file in self._files]

    def _adopt(self, look: Look) -> None:
        """Take new files in, behind those that were rotated away before them; part from those that are nowhere."""
        for file in look.lost:
            self._lose(file, look)
        clocks = {file.home: file.clock for file in self._files if not file.stray and not file.ended}
        unused = iter(
            sorted(set(range(len(self._files) + len(look.new))) - {file.clock for file in self._files})
        )
        for found in sorted(look.new, key=lambda found: not found.stray):
            heir = found.home in clocks and not found.stray
            self._files.append(self._tracked(found, clocks[found.home] if heir else next(unused)))
        asked = self._arguments.absolute
        for file in self._files:
            file.lost = file.lost or (file.argument not in asked and not file.ended)
        homes = list(dict.fromkeys(file.home for file in self._files))
        order = {home: place for place, home in enumerate(homes)}
        order |= {seen.path: len(homes) + place for place, (_, seen) in enumerate(look.named)}
        self._files.sort(key=lambda file: order[file.home])
        present = {file.home for file in self._files if not file.past}
        self._files = [file for file in self._files if not (file.past and file.home in present)]
        heirs = {file.clock for file in self._files if not file.lost and not file.ended}
        self._files = [file for file in self._files if not (file.lost and file.gone and file.clock in heirs)]
        self._mates = {file.clock: [] for file in self._files}
        for file in self._files:
            self._mates[file.clock].append(file)

    def _lose(self, file: Tracked, look: Look) -> None:
        through = file.ended or (file.rotated and not file.packed and file.mark.position == file.stamp[0])
        if not through and file.argument in self._arguments.absolute:
            what = "truncated or written anew" if look.was_rewritten(file) else "gone"
            self.note(
                f"{file.name}: {what}; if more was written behind byte {file.mark.position}, it was not read"
            )
        file.let_go()
        file.gone, file.lost = True, not file.ended
        if file.ended:
            self._forget(file)

    def _forget(self, file: Tracked) -> None:
        """Part from a file that is gone; the last one of a log that may come back is remembered."""
        others = [other for other in self._files if other.home == file.home and other is not file]
        for other in others:
            other.newest_ns = max(other.newest_ns, file.newest_ns)
        alone = not others
        made = Folders().of_log(folder_of(file.home), series(base_of(file.home))) if alone else []
        comes_back = file.argument == file.home or any(
            derives(seen.base, base_of(file.home)) for seen in made
        )
        if alone and comes_back and not file.stray:
            file.past, file.ended, file.gone = True, True, True
        else:
            self._files = [other for other in self._files if other is not file]

    def _tracked(self, found: Found, clock: int) -> Tracked:
        seen = found.seen
        file = Tracked(
            found.argument,
            found.home,
            path=seen.path,
            real=os.path.realpath(seen.path),
            identity=seen.identity,
            born_ns=0,
            clock=clock,
            stamp=seen.stamp,
            newest_ns=found.newest_ns,
            stray=found.stray,
            name=seen.name,
        )
        with opened(seen) as descriptor:
            if descriptor is not None:
                file.meet(descriptor, self._inside)
        return file

    def _number(self, file: Tracked) -> None:
        """Make a file an input."""
        file.number = len(self.inputs)
        self._numbered[file.number] = file
        opens = nothing if file.lost else lambda stop: self._open(file)
        growing, fresh = not self.is_closed(file), self.is_fresh(file)
        self.inputs.append(Input(file.name, opens, file.identity, file.mark, growing, fresh))

    def _open(self, file: Tracked) -> Source:
        """Open a file just as it was found, even if it was renamed since."""
        for path in (file.path, *(each.path for each in Folders().files(folder_of(file.path)))):
            if (descriptor := open_same(path, file.identity)) is not None:
                return RegularSource(descriptor, owned=True)
        assert file.number is not None
        self._unread.add(file.number)
        self.note(f"{file.name}: gone before it was read; the next run looks for it")
        return EmptySource()

    def note(self, note: str) -> None:
        """Keep what could not be exact, and say it, once."""
        if note not in self.notes:
            self.notes.append(note)
            self._say(note)
