"""The protocol of a commit. A crash before the checkpoint is replaced leaves commit N, a crash after it N+1.

    1  outputs: all rows since commit N are on disk, where nobody takes them for part of a report
    2  checkpoint N+1 is written aside, synced, renamed over N, and its folder synced: the commit
    3  outputs: parts get their names, rows are printed

`recover` does step 3 again, or cuts off what step 1 had done. Each step may be done twice, and none is skipped.

The last commit of a run says that it is (`ended`): nothing of ours is behind it, so what is there somebody else has
written, and it is refused. A run that goes on from there says on disk that it has begun to write (`writing`, with the
number of that commit) before it does, once: from its first commit on the checkpoint tells it.
"""

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from streamstat.checkpoints.checkpoint import REPLACE, Checkpoint, encode
from streamstat.checkpoints.folder import CHECKPOINT, StateFolder
from streamstat.checkpoints.outputs import StateOutputs
from streamstat.checkpoints.same_plan import check_plan
from streamstat.common.errors import StateError, StreamstatError
from streamstat.engine.ledger import Ledger
from streamstat.runners import Run

REST = 10  # at least so many times as long as the last commit took, no other follows
MOST_HELD_BYTES = 16 << 20


@dataclass(slots=True)
class StateCommitter:
    """Commits a run to its state: a `Committer` for runners.

    `records` tells what is to be known of the inputs, `metadata` what goes into Parquet files of each report.

    every_s: seconds from one commit to the next; commits themselves take a tenth of the time at most.
    """

    folder: StateFolder
    last: Checkpoint
    outputs: StateOutputs
    every_s: float
    records: Callable[[Mapping[int, int]], list[dict[str, Any]]]
    metadata: Callable[[Sequence[Ledger]], Sequence[Mapping[str, str]]]
    clock: Callable[[], float] = time.monotonic
    commits: int = 0
    _next: float = field(default=0.0, init=False)
    _publishing: bool = field(default=False, init=False)
    _ending: bool = field(default=False, init=False)
    _told: int = field(default=-1, init=False)  # the commit of which is known that something is behind it

    def __post_init__(self) -> None:
        self._next = self.clock() + self.every_s

    def due(self, now: float) -> bool:
        """Whether it is time; `now` by the clock, in seconds."""
        held = self.outputs.stdout
        return now >= self._next or (held is not None and held.size >= MOST_HELD_BYTES)

    def commit(self, run: Run) -> None:
        """Make all that the engine has taken, and all rows it gave, the truth."""
        began = self.clock()
        following = self._prepared(run)
        self.folder.replace(encode(following))
        self.last, self._publishing = following, True
        for output in self.outputs.committed.values():
            output.publish()
        self._publishing = False
        ended = self.clock()
        self._next = ended + max(self.every_s, REST * (ended - began))
        self.commits += 1

    def end(self, run: Run) -> None:
        """The last commit of a run: nothing is written behind it."""
        self._ending = True
        self.commit(run)

    def begin_writing(self) -> None:
        """Before an output writes behind what the last commit has of it: a run that is killed must be known by it."""
        if self.last.ended and self._told != self.last.number:
            self.folder.set_writing(self.last.number)
            self._told = self.last.number

    def _prepared(self, run: Run) -> Checkpoint:
        metadata = self.metadata(run.engine.ledgers)
        records = {
            name: output.prepare(metadata[self.outputs.report_of.get(name, 0)])
            for name, output in self.outputs.committed.items()
        }
        return Checkpoint(
            number=self.last.number + 1,
            token=self.last.token,
            plan=self.last.plan,
            times=run.engine.time_fields,
            inputs=self.records(run.positions),
            outputs=records,
            written=wall_clock(),
            ended=self._ending,
            engine=run.engine.snapshot(),
            stdout=b"" if self.outputs.stdout is None else self.outputs.stdout.rows(),
        )

    def discard(self) -> None:
        """Leave no litter of a commit that did not come about.

        Where it has come about, or may have, there is none: the next run finishes what is left to do.
        """
        if self.folder.in_doubt or self._publishing:
            return
        for tidy in (self.folder.abandon, *(output.discard for output in self.outputs.committed.values())):
            with suppress(StreamstatError):  # whatever made the run fail may make this fail too
                tidy()


def begin(folder: StateFolder, plan: Mapping[str, Any]) -> Checkpoint:
    """The checkpoint to go on from: that of the folder, whose plan must be this one, or a new one."""
    found = folder.read()
    if found is None:
        return Checkpoint(0, secrets.token_hex(8), dict(plan), written=wall_clock())
    check_plan(found.plan, plan, folder.directory.path)
    return found


def recover(folder: StateFolder, checkpoint: Checkpoint, outputs: StateOutputs) -> Checkpoint:
    """Outputs as the checkpoint has them, whatever a crash has left; a new state is there from now on.

    Everything is checked before anything is changed.
    """
    new = not checkpoint.outputs
    if new:
        checkpoint = replace(checkpoint, outputs=outputs.absent)
    elif _keys(checkpoint.outputs) != _keys(outputs.absent):
        place = folder.directory.place(CHECKPOINT)
        raise StateError(place, "its outputs are not those of its plan", REPLACE)
    complete = checkpoint.ended and folder.writing() != checkpoint.number
    for name, output in outputs.committed.items():
        output.check(checkpoint.outputs[name])
        if complete:
            output.check_end(checkpoint.outputs[name])
    folder.abandon()
    if new:
        folder.replace(encode(checkpoint))
    for name, output in outputs.committed.items():
        output.recover(checkpoint.outputs[name])
    if outputs.stdout is not None and folder.printed() != checkpoint.number:
        outputs.stdout.hold(checkpoint.stdout)
    return checkpoint


def _keys(records: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    """The names of outputs, and what is known of each: an output of another kind has other keys."""
    return {name: set(record) for name, record in records.items()}


def wall_clock() -> str:
    """Now, for people."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")  # noqa: UP017
