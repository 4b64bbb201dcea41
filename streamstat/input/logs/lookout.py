"""Looks again and again for what is new, and what became of known files, in a world that does not stand still."""

import threading
from collections.abc import Callable, Sequence

from streamstat.common.errors import ReadWriteError
from streamstat.common.terminal import quoted
from streamstat.input.logs.arguments import Arguments, each_once
from streamstat.input.logs.copies import Copies
from streamstat.input.logs.disk import Folders, Identity, Moved, Unreadable, opened
from streamstat.input.logs.ground import Ground, Named, changed_in_place
from streamstat.input.logs.inside import Inside
from streamstat.input.logs.looking import Look
from streamstat.input.logs.newcomers import Glimpse
from streamstat.input.logs.roll import Roll
from streamstat.input.logs.tracked import Content, Tracked
from streamstat.input.sources import Stop

TRIES = 20  # to look at a world that changes meanwhile


class Lookout:
    """Finds what `arguments` name, for `roll`. `note` is told what could not be exact.

    waiting: the logs of which a file cannot be opened. is_settled: whether the last look has seen the world stand
    still. must_open: whether what cannot be opened at the first look is an error, if it is named.
    """

    def __init__(
        self,
        arguments: Arguments,
        roll: Roll,
        max_expansion: int,
        note: Callable[[str], None],
        lock: threading.Lock,
    ) -> None:
        self._arguments, self._roll, self._note, self._lock = arguments, roll, note, lock
        self._stop: Stop | None = None
        self._inside = Inside(max_expansion, lambda: self._stop is not None and self._stop.asked)
        self._seen: Named | None = None  # at the last look
        self._copies = Copies()
        self._glimpses: dict[Identity, Glimpse] = {}  # what was seen, and could not be looked into yet
        self.waiting: frozenset[str] = frozenset()
        self.is_settled = self.must_open = False

    def look(self, stop: Stop | None = None) -> Sequence[Tracked]:
        """The files of which something may be new; raises Stopped if that is asked for.

        Names may lead to other files while it looks. Then it looks again; if there is no end of it, the next look may
        see more, and until then nothing is to be read.
        """
        self._stop = stop
        for _ in range(TRIES):
            if (found := self._found()) is not None:
                self.is_settled = True
                return found
        self.is_settled = False
        return ()

    def _found(self) -> Sequence[Tracked] | None:
        before, files = self._seen, self._arguments.files()
        steady = not self._glimpses and all(file.is_steady for file in self._roll.files)
        found = self._grown(before, files) if steady and before is not None else None
        if found is None:
            look = self._looked(files)
            if look is None:
                return None
            self._tell_rights(look, first=before is None)
            with self._lock:
                self._take_in(look)
            found = self._roll.files
        self._seen = files
        return found

    def _looked(self, files: Named) -> Look | None:
        """What a look finds; None if the world has changed meanwhile."""
        for file in self._roll.files:
            if file.ended:
                file.let_go()
        watched = [file for file in self._roll.files if not file.lost]
        named = each_once(files, {file.home for file in self._roll.files})
        ground = Ground(named, self._inside)
        self._copies.keep(ground.named_by.keys(), {file.identity for file in watched})
        look = Look(watched, ground, self._copies, self.waiting, self._roll.leftovers)
        try:
            look.find(self._glimpses.values())
            if look.found_all_in_place or self._is_as_it_was(files, ground.folders):
                return look
        except Moved:
            pass
        for glimpse in look.glimpsed:
            self._glimpses.setdefault(glimpse.seen.identity, glimpse)
        return None

    def _is_as_it_was(self, files: Named, folders: Folders) -> bool:
        """Whether all names lead to the files that they have led to."""
        return changed_in_place(files, self._arguments.files()) is not None and folders.are_as_they_were()

    def _grown(self, before: Named, files: Named) -> Sequence[Tracked] | None:
        """The files that were written to where they are, if that is all that is new; to look for more takes long."""
        changed = changed_in_place(before, files)
        if not changed:
            return None if changed is None else ()
        at_home = {(file.identity, file.path): file for file in self._roll.files if not file.rotated}
        found = [(file, seen) for seen in changed if (file := at_home.get((seen.identity, seen.path)))]
        if len(found) < len(changed) or any(seen.size < file.stamp[0] for file, seen in found):
            return None
        contents: list[Content] = []
        try:
            for file, seen in found:
                with opened(seen) as descriptor:
                    if (content := file.content_in(descriptor, seen, self._inside)) is None:
                        return None
                    contents.append(content)
        except (Moved, Unreadable):
            return None
        with self._lock:
            for (file, seen), content in zip(found, contents, strict=True):
                file.take_over(content)
                file.found(seen)
        return [file for file, _ in found]

    def _take_in(self, look: Look) -> None:
        """What a look has found becomes what is known."""
        for note in look.ground.notes:
            self._note(note)
        self._roll.take_in(look, self._arguments.absolute)
        for glimpse in look.vanished:
            if glimpse.seen.size:
                self._note(f"{glimpse.seen.name}: gone before it could be opened; what was in it is lost")
        self._glimpses = {each.seen.identity: each for each in look.waiting}
        self.waiting = frozenset(each.home for each in look.waiting)

    def _tell_rights(self, look: Look, first: bool) -> None:
        """Of files that cannot be opened; a run that does not wait for what may come ends if one is named."""
        named = {seen.identity for _, seen in look.ground.named}.union(
            self._glimpses
        )  # perhaps renamed since
        for seen, problem in look.ground.unreadable:
            if first and self.must_open and seen.identity in named:
                raise ReadWriteError(seen.name, problem, f"ls -l {quoted(seen.name)} shows who may read it")
            self._note(f"{seen.name}: {problem}; the run waits for it, and so do windows")
