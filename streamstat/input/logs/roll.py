"""The files that are known: what a look has found becomes what is known of them, and what the next run is given."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from streamstat.input.logs.clocks import Clocks, clocks_of
from streamstat.input.logs.disk import Folders, base_of, folder_of, joined
from streamstat.input.logs.ground import Claim
from streamstat.input.logs.leftovers import Leftovers
from streamstat.input.logs.looking import Look
from streamstat.input.logs.names import derives, series
from streamstat.input.logs.newcomers import Glimpse
from streamstat.input.logs.stage import Move, Stage
from streamstat.input.logs.tracked import Content, Tracked


class Roll:
    """`files` in the order in which they are read; `clocks` of their event times; `leftovers` of each log.

    `note` is told what could not be exact.
    """

    def __init__(self, records: Sequence[Mapping[str, Any]], note: Callable[[str], None]) -> None:
        self._note = note
        self.files = [Tracked.from_record(record) for record in records]
        self.leftovers = {
            file.home: Leftovers.from_record(record["leftovers"])
            for file, record in zip(self.files, records, strict=True)
            if "leftovers" in record
        }
        self.clocks = Clocks()
        self.clocks.regroup(self.files)

    def records(self) -> list[dict[str, Any]]:
        """All of it, as JSON can hold it."""
        records, homes = [], set()
        for file in self.files:
            records.append(file.as_record())
            if file.home not in homes and file.home in self.leftovers:
                records[-1]["leftovers"] = self.leftovers[file.home].as_record()
            homes.add(file.home)
        return records

    def take_in(self, look: Look, asked: Collection[str]) -> None:
        """What a look has found is what is known; `asked` are the arguments of this run."""
        self.clocks.hand_down()
        self._lose(look, asked)
        for claim in look.claims:
            self._move(claim, asked)
            self._claim(claim)
        self._adopt(look, asked)
        self.leftovers |= look.left

    def _move(self, claim: Claim, asked: Collection[str]) -> None:
        """A log that was moved into another folder, and is asked for there, is at home there."""
        file, seen = claim.file, claim.seen
        if claim.named is None or file.argument in asked or seen.base != base_of(file.path):
            return
        home = joined(folder_of(seen.path), base_of(file.home))
        if (leftovers := self.leftovers.pop(file.home, None)) is not None:
            self.leftovers[home] = leftovers
        file.home = home

    def _claim(self, claim: Claim) -> None:
        file, seen = claim.file, claim.seen
        if (named := claim.named) is not None:
            file.argument, file.name = named, seen.name
        if seen.identity != file.identity:
            file.let_go()
        if claim.content is not None:
            file.take_over(claim.content)
            if not claim.content.packed and seen.size < file.stamp[0] > file.mark.position:
                self._note(f"{file.name}: shorter than before; what was cut off had not been read")
        if not claim.shut:
            file.found(seen)
        file.shut, file.gone = claim.shut, claim.gone
        if claim.shut:
            file.path = seen.path

    def _adopt(self, look: Look, asked: Collection[str]) -> None:
        """Take new files in, behind those that were rotated away before them; part from those that are nowhere."""
        clocks = clocks_of([found for found, _ in look.new], self.files)
        self.files += [
            tracked(found, content, clock) for (found, content), clock in zip(look.new, clocks, strict=True)
        ]
        for file in self.files:
            if file.argument not in asked:
                file.move(Move.IS_LOST)
        homes = list(dict.fromkeys(file.home for file in self.files))
        order = {home: place for place, home in enumerate(homes)}
        order |= {seen.path: len(homes) + place for place, (_, seen) in enumerate(look.ground.named)}
        self.files.sort(key=lambda file: order[file.home])
        present = {file.home for file in self.files if file.stage is not Stage.PAST}
        self.files = [file for file in self.files if not (file.stage is Stage.PAST and file.home in present)]
        heirs = {file.clock for file in self.files if not file.lost and not file.ended}
        self.files = [file for file in self.files if not (file.lost and file.gone and file.clock in heirs)]
        self.clocks.regroup(self.files)
        self.clocks.hand_down()

    def _lose(self, look: Look, asked: Collection[str]) -> None:
        """Part from files that cannot be found; tell what may be missing."""
        for file in look.lost:
            through = file.ended or (file.rotated and not file.packed and file.mark.position == file.stamp[0])
            if not through and file.argument in asked:
                what = "truncated or written anew" if look.was_rewritten(file) else "gone"
                self._note(
                    f"{file.name}: {what}; if more was written behind byte {file.mark.position}, it was not read"
                )
            file.let_go()
            file.gone = True
            file.move(Move.IS_LOST)
        for file in look.pushed_out:
            self._note(
                f"{file.name}: rotated so often since the last look that some files may be gone unread"
            )
        self.forget([file for file in look.lost if file.ended])

    def forget(self, gone: Sequence[Tracked]) -> None:
        """Part from files that are gone; the last one of a log that may come back is remembered."""
        if not gone:
            return
        left = Counter(file.home for file in self.files)
        folders, parted = Folders(), set()
        for file in gone:
            left[file.home] -= 1
            if left[file.home] == 0 and not file.stray and self._comes_back(file, folders):
                file.gone = True
                file.move(Move.PASSES)
            else:
                parted.add(file)
        self.files = [file for file in self.files if file not in parted]

    def _comes_back(self, file: Tracked, folders: Folders) -> bool:
        """Whether the next file of a log may have its name: it was asked for by it, or rotation has made others."""
        base = base_of(file.home)
        made = folders.of_log(folder_of(file.home), series(base))
        return file.argument == file.home or any(derives(seen.base, base) for seen in made)


def tracked(found: Glimpse, content: Content, clock: int) -> Tracked:
    """A file that is known from now on."""
    seen = found.seen
    return Tracked(
        found.argument,
        found.home,
        path=seen.path,
        real=os.path.realpath(seen.path),
        identity=seen.identity,
        born_ns=content.born_ns,
        clock=clock,
        stamp=seen.stamp,
        stray=found.stray,
        packed=content.packed,
        wide=content.wide,
        hole=content.hole,
        hollow=content.hollow,
        mark=content.mark,
        taken=content.mark,
        name=seen.name,
    )
