"""One look at the disk: where each tracked file is by now, which files are new, and what cannot be found.

A file is looked for by its identity first, among the files that are named and in its folder, then by its content. What
is neither is a new file. Nothing is changed here: while it looks the world may change, and then it is done again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from streamstat.input.logs.copies import Copies
from streamstat.input.logs.disk import Unreadable, opened
from streamstat.input.logs.ground import Claim, Ground
from streamstat.input.logs.known import Known
from streamstat.input.logs.leftovers import Leftovers
from streamstat.input.logs.newcomers import Glimpse, Newcomers
from streamstat.input.logs.stage import Stage
from streamstat.input.logs.tracked import Content, Tracked


class Look:
    """`files` are known from former looks; `waited_for` and `leftovers` as `Newcomers` has them.

    After `find`: `claims` are the tracked files that were found, `lost` those that are nowhere, `new` the files that
    were not known, with what is in them, `waiting` those that cannot be opened, or stand behind such a one, `vanished`
    those of them that are gone, and `left` the leftovers of the logs that were looked through.
    """

    def __init__(
        self,
        files: Sequence[Tracked],
        ground: Ground,
        copies: Copies,
        waited_for: Collection[str],
        leftovers: Mapping[str, Leftovers],
    ) -> None:
        self._files, self.ground, self._copies = files, ground, copies
        self._waited_for, self._leftovers = waited_for, leftovers
        self._known: Known
        self.new: list[tuple[Glimpse, Content]] = []
        self.waiting: list[Glimpse] = []
        self.vanished: list[Glimpse] = []
        self.left: dict[str, Leftovers] = {}

    def find(self, glimpses: Iterable[Glimpse]) -> None:
        """Find out all of it; raises Moved if a name leads to another file than a moment ago.

        glimpses: what was seen before, and could not be looked into.
        """
        self._known = known = Known(
            [file for file in self._files if file.stage is not Stage.PAST], self.ground
        )
        newcomers = self._newcomers(known.claims)
        found = list(newcomers.find(glimpses))
        self.vanished = newcomers.vanished
        self._look_into(found)
        self.left = newcomers.leftovers(found, known.lost)

    @property
    def claims(self) -> Collection[Claim]:
        """The tracked files that were found."""
        return self._known.claims.values()

    @property
    def lost(self) -> Sequence[Tracked]:
        """The tracked files that are nowhere."""
        return self._known.lost

    def was_rewritten(self, file: Tracked) -> bool:
        """Whether a lost file was truncated or written anew, rather than deleted."""
        return self._known.was_rewritten(file)

    @property
    def pushed_out(self) -> list[Tracked]:
        """Files that are held open alone since this look, of logs of which others have come and gone meanwhile."""
        crowded = {found.home for found, _ in self.new if found.stray and not found.alone}
        copied = self._copies.by_original
        gone = [claim.file for claim in self.claims if claim.gone and not claim.file.gone]
        return [file for file in gone if file.home in crowded and file.identity not in copied]

    @property
    def found_all_in_place(self) -> bool:
        """Whether nothing has come, gone or moved."""
        moved = any(claim.gone or claim.seen.path != claim.file.path for claim in self.claims)
        return not (moved or self.lost or self.new or self.waiting or self.vanished)

    @property
    def glimpsed(self) -> list[Glimpse]:
        """The named files that are not known, by which they are found if they move before anybody looks into them."""
        known, newcomers = {file.identity for file in self._files}, self._newcomers({})
        named = self.ground.named_by.values()
        return [newcomers.at_home(argument, seen) for argument, seen in named if seen.identity not in known]

    def _newcomers(self, claims: Mapping[Tracked, Claim]) -> Newcomers:
        return Newcomers(self._files, claims, self.ground, self._copies, self._waited_for, self._leftovers)

    def _look_into(self, found: Iterable[Glimpse]) -> None:
        """What cannot be opened waits, and with it what stands behind it in its log."""
        waiting: set[str] = set()
        for glimpse in found:
            try:
                if glimpse.home not in waiting:
                    with opened(glimpse.seen) as descriptor:
                        self.new.append((glimpse, Content.of(descriptor, self.ground.inside)))
                    continue
            except Unreadable as problem:
                self.ground.unreadable.append((glimpse.seen, str(problem)))
            waiting.add(glimpse.home)
            self.waiting.append(glimpse)
