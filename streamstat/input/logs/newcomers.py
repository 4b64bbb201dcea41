"""Files that are not known yet: named ones, and such as came and were rotated away between two looks."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from streamstat.input.logs.copies import Copies, CopyFinder
from streamstat.input.logs.disk import Seen, base_of, file_at, folder_of, joined
from streamstat.input.logs.ground import Claim, Ground
from streamstat.input.logs.leftovers import Leftovers
from streamstat.input.logs.names import age, are_counted, derives, series
from streamstat.input.logs.tracked import Tracked


class Glimpse(NamedTuple):
    """A file that is not known yet: the argument that leads to it, and the path it is at home.

    stray: it was a rotated file already. alone: of a log that nobody knew of, so that its times are its own.
    """

    argument: str
    home: str
    seen: Seen
    stray: bool = False
    alone: bool = False


class Newcomers:
    """Finds what is new on some ground, where `claims` are the tracked files that were found, and `files` all of them.

    waited_for: logs of which a file could not be opened at the last look; glimpses: what was seen before, in this
    order, and could not be looked into. vanished: those of them that are nowhere.
    """

    def __init__(
        self,
        files: Sequence[Tracked],
        claims: Mapping[Tracked, Claim],
        ground: Ground,
        copies: Copies,
        waited_for: Collection[str],
        leftovers: Mapping[str, Leftovers],
    ) -> None:
        self._claims, self._ground, self._copies = claims, ground, copies
        self._copy_finder = CopyFinder(claims, ground, copies)
        self._waited_for, self._leftovers = waited_for, leftovers
        self._logs: dict[str, list[Tracked]] = {}
        for file in files:
            if not file.stray or series(base_of(file.home)) == base_of(file.home):
                self._logs.setdefault(file.home, []).append(file)
        self._away: list[str] = []  # logs that are not at home
        self.vanished: list[Glimpse] = []

    def find(self, glimpses: Iterable[Glimpse]) -> Iterator[Glimpse]:
        """What is new, in the order in which it was written: rotated files before those at home."""
        missed: dict[str, list[Glimpse]] = {}
        self._find_glimpsed(glimpses, missed)
        live: list[Glimpse] = []
        for argument, seen in self._ground.named_by.values():
            if seen.identity in self._ground.claimed or self._copy_finder.is_copy(seen):
                continue
            self._ground.claimed.add(seen.identity)
            found = self.at_home(argument, seen)
            if found.home != seen.path:
                missed.setdefault(found.home, []).append(found)
            elif found.stray:
                yield found
            else:
                live.append(found)
        self._find_missed(missed)
        for home, rotated in missed.items():
            yield from in_order(rotated, self._last(home))
        yield from live

    def _find_glimpsed(self, glimpses: Iterable[Glimpse], missed: dict[str, list[Glimpse]]) -> None:
        """Add what was seen at home and could not be looked into, and has been rotated since."""
        for glimpse in glimpses:
            if (
                glimpse.seen.identity in self._ground.claimed
                or glimpse.seen.identity in self._ground.named_by
            ):
                continue
            seen = self._rotated(glimpse)
            if seen is None:
                self.vanished.append(glimpse)
            elif not self._copy_finder.is_copy(seen):
                self._ground.claimed.add(seen.identity)
                missed.setdefault(glimpse.home, []).append(glimpse._replace(seen=seen))

    def _rotated(self, glimpse: Glimpse) -> Seen | None:
        """Where the file has gone: a rename keeps its identity, to compress it keeps the time of its last change."""
        folder, base = folder_of(glimpse.home), base_of(glimpse.home)
        if (same := self._ground.folders.with_identity(folder, glimpse.seen.identity)) is not None:
            return same
        before = Leftovers.of([glimpse.seen])
        siblings = [
            seen for seen in self._ground.folders.of_log(folder, series(base)) if derives(seen.base, base)
        ]
        free = [seen for seen in siblings if seen.identity not in self._ground.claimed]
        return next((seen for seen in free if before.explain(seen, siblings)), None)

    def at_home(self, argument: str, seen: Seen) -> Glimpse:
        """A file that an argument names, with the log that it belongs to."""
        log = joined(folder_of(seen.path), series(seen.base))
        if log == seen.path:
            return Glimpse(argument, seen.path, seen)
        if log in self._logs or log in self._waited_for:
            return Glimpse(argument, log, seen, stray=True)
        alone = file_at(log) is not None
        return Glimpse(argument, seen.path, seen, stray=alone, alone=alone)

    def _find_missed(self, missed: dict[str, list[Glimpse]]) -> None:
        """Add files that came and were rotated away between two looks, and that no argument names."""
        claims = self._claims.values()
        at_home = {
            claim.file.home for claim in claims if claim.seen.path == claim.file.home and not claim.gone
        }
        self._away = [home for home in self._logs if home not in at_home]
        for home in self._away:
            files = self._logs[home]
            before = self._leftovers.get(home, Leftovers())
            before = before.with_files([file for file in files if file.ended])
            for seen in self._unexplained(self._made_of(home, files[-1].real), before):
                self._ground.claimed.add(seen.identity)
                missed.setdefault(home, []).append(Glimpse(files[-1].argument, home, seen, stray=True))

    def _last(self, home: str) -> Seen | None:
        """Where the last of the known files of a log is by now."""
        claims = [self._claims[file] for file in self._logs.get(home, ()) if file in self._claims]
        copies = self._copies.by_original if any(claim.gone for claim in claims) else {}
        folder = folder_of(home)
        places = (
            self._ground.folders.with_identity(folder, copies.get(claim.seen.identity, (0, 0)))
            if claim.gone
            else claim.seen
            for claim in reversed(claims)
        )
        return next((seen for seen in places if seen is not None), None)

    def _unexplained(self, made: list[Seen], before: Leftovers) -> list[Seen]:
        free = [seen for seen in made if seen.identity not in self._ground.claimed and seen.size]
        return [
            seen for seen in free if not before.explain(seen, made) and not self._copy_finder.is_copy(seen)
        ]

    def _made_of(self, home: str, real: str) -> list[Seen]:
        """What rotation has made of the files at a path, which may be a link to dated files."""
        base = base_of(home)
        log = self._ground.folders.of_log(folder_of(home), series(base))
        made = [seen for seen in log if derives(seen.base, base)]
        if real != home:
            made += self._ground.folders.dated_alike(folder_of(real), base_of(real))
        return made

    def leftovers(self, found: Iterable[Glimpse], lost: Iterable[Tracked]) -> dict[str, Leftovers]:
        """The rotated files that nobody has asked for, of each log of which a file has come or gone."""
        changed = [each.home for each in found] + [file.home for file in lost] + self._away
        left = {}
        for home in dict.fromkeys(changed):
            free = [
                seen
                for seen in self._made_of(home, os.path.realpath(home))
                if seen.identity not in self._ground.claimed
            ]
            ended = [file for file in self._logs.get(home, ()) if file.ended]
            left[home] = Leftovers.of(free).with_files(ended)
        return left


def in_order(missed: list[Glimpse], last: Seen | None) -> list[Glimpse]:
    """Files that rotation made behind the last one that is known, in the order of their times.

    Where numbers count down from that one, they go by these: then clocks that were set back do not matter.
    """
    bases = [each.seen.base for each in missed]
    if last is not None and are_counted([last.base, *bases]) and age(last.base) < min(map(age, bases)):
        return sorted(missed, key=lambda each: age(each.seen.base))
    return sorted(missed, key=lambda each: (each.seen.changed_ns, age(each.seen.base)))
