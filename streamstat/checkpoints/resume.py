"""A run under a state, from taking the lock to giving it back: what the command line needs of this folder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from streamstat.checkpoints.checkpoint import REPLACE, Checkpoint
from streamstat.checkpoints.commit import StateCommitter, begin, recover
from streamstat.checkpoints.folder import StateFolder
from streamstat.checkpoints.outputs import OutputOptions, StateOutputs, Told, open_outputs
from streamstat.common.errors import StateError
from streamstat.common.terminal import printable
from streamstat.engine.ledger import Ledger
from streamstat.input.feed import RepeatableFeed
from streamstat.output.sinks.files import Stream
from streamstat.runners import Run

MISFITS = (ValueError, IndexError, OverflowError)  # what kernels and numpy say of numbers that cannot be


@dataclass(slots=True)
class Resumption:
    """What a run under a state begins with: the last checkpoint, outputs as it has them, inputs where it has them."""

    folder: StateFolder
    checkpoint: Checkpoint
    outputs: StateOutputs
    feed: RepeatableFeed
    committer: StateCommitter | None = None

    @property
    def notes(self) -> list[str]:
        """What could not be exact with the reports; what could not with the inputs, these say as it comes."""
        return [note for output in self.outputs.committed.values() for note in output.notes]

    def recover(self) -> None:
        """Bring the outputs to where the checkpoint has them; a new state is on disk from here on."""
        self.checkpoint = recover(self.folder, self.checkpoint, self.outputs)

    def restore(self, run: Run) -> None:
        """Put the run's engine where the last one stopped."""
        if self.checkpoint.engine:
            with self.going_on():
                run.engine.restore(self.checkpoint.engine)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """What does not fit together in a restored engine is the fault of the state, even if it shows only later."""
        try:
            yield
        except MISFITS as error:
            if not self.checkpoint.engine:
                raise
            place = self.folder.directory.place("checkpoint")
            raise StateError(place, f"does not fit this plan: {printable(str(error))}", REPLACE) from error

    def commits(
        self, every_s: float, metadata: Callable[[Sequence[Ledger]], Sequence[Mapping[str, str]]]
    ) -> StateCommitter:
        """Who commits this run."""
        self.committer = StateCommitter(
            self.folder, self.checkpoint, self.outputs, every_s, self.feed.records, metadata
        )
        return self.committer

    def discard(self) -> None:
        """Take back what is not committed."""
        if self.committer is not None:
            self.committer.discard()

    def close(self) -> None:
        """Give back the lock and all that is open."""
        for output in self.outputs.committed.values():
            output.close()
        self.folder.close()


def resume(
    path: str,
    plan: Mapping[str, Any],
    options: OutputOptions,
    stdout: Stream,
    feed_from: Callable[[list[dict[str, Any]]], RepeatableFeed],
) -> Resumption:
    """Lock the folder, read what is in it, and find its outputs and inputs; nothing is changed yet.

    `feed_from` makes the feed of the checkpoint's records of inputs; ValueError if they are none.
    """
    folder = StateFolder.open(path)
    checkpoint = begin(folder, plan)
    token = checkpoint.token

    def printed() -> None:
        assert resumption.committer is not None
        folder.set_printed(resumption.committer.last.number)

    def writing() -> None:
        assert resumption.committer is not None
        resumption.committer.begin_writing()

    try:
        feed = feed_from(checkpoint.inputs)
    except ValueError as error:
        place = folder.directory.place("checkpoint")
        raise StateError(
            place, f"its inputs are no such records: {printable(str(error))}", REPLACE
        ) from error
    outputs = open_outputs(options, token, stdout, Told(writing, printed))
    resumption = Resumption(folder, checkpoint, outputs, feed)
    return resumption
