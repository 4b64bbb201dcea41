"""What a tracked file is at: whether more may come of it, and who knows already that it does not.

The thread that reads tells the end of a file, and the one that takes lines in makes it so, some blocks later; a look
may find meanwhile that the file has grown, or that it is gone. Which of these may follow on which is here alone.
"""

from enum import Enum


class Stage(Enum):
    """Where a file stands between its first byte and its last."""

    READING = "reading"  # more may come
    LOST = "lost"  # it cannot be read any more, or nobody asks for it; its end is to be told
    CLOSING = "closing"  # its end was told, and is not taken in yet; a look may still find more of it
    PARTING = "parting"  # the same of a lost one, for which no look is made any more
    ENDED = "ended"  # read through and closed, and taken in
    PAST = "past"  # gone for good, and kept so that the next file of its log is known by it

    def after(self, move: "Move") -> "Stage":
        """The stage that a move leads to; AssertionError where there is no such move."""
        if self not in _MOVES[move]:
            raise AssertionError(f"a file that is {self.value} {move.value}")
        return _MOVES[move][self]

    @property
    def recorded(self) -> "Stage":
        """What the next run is told: whatever is not taken in has to be found out again."""
        return self if self in RECORDED else Stage.READING


class Move(Enum):
    """What leads from stage to stage."""

    GROWS = "grows"  # it has changed, or is at home, where it may be written to
    IS_LOST = "is lost"  # it is nowhere, or nobody asks for it
    TELLS_ITS_END = "tells its end"
    ENDS = "ends"  # its end is taken in, and nothing more will be written to it
    GOES_ON = "goes on"  # its end is taken in, but it is not closed: its last turn failed, or others of its log wait
    PASSES = "passes"  # no other file of its log is left


RECORDED = (Stage.READING, Stage.ENDED, Stage.PAST)

_MOVES = {
    Move.GROWS: {
        Stage.READING: Stage.READING,
        Stage.CLOSING: Stage.READING,  # its end will be told again
        Stage.ENDED: Stage.READING,
        Stage.PAST: Stage.PAST,  # found by a look that began before it was parted with
    },
    Move.IS_LOST: {
        Stage.READING: Stage.LOST,
        Stage.CLOSING: Stage.PARTING,
        Stage.LOST: Stage.LOST,
        Stage.PARTING: Stage.PARTING,
        Stage.ENDED: Stage.ENDED,  # there is no end to tell
        Stage.PAST: Stage.PAST,
    },
    Move.TELLS_ITS_END: {
        Stage.READING: Stage.CLOSING,
        Stage.LOST: Stage.PARTING,
        Stage.ENDED: Stage.ENDED,  # the end of a turn before, which failed, was taken in meanwhile
        Stage.PAST: Stage.PAST,
    },
    Move.ENDS: {
        Stage.READING: Stage.ENDED,  # read once, or its last turn failed: then the end is not told before
        Stage.LOST: Stage.ENDED,
        Stage.CLOSING: Stage.ENDED,
        Stage.PARTING: Stage.ENDED,
        Stage.ENDED: Stage.ENDED,  # a turn that failed was told to have ended, and then the file
        Stage.PAST: Stage.PAST,
    },
    Move.GOES_ON: {
        Stage.READING: Stage.READING,
        Stage.LOST: Stage.READING,  # it is looked for once more
        Stage.CLOSING: Stage.CLOSING,
        Stage.PARTING: Stage.CLOSING,
        Stage.ENDED: Stage.READING,  # an end that was told behind that of a turn that failed: it is told again
        Stage.PAST: Stage.PAST,
    },
    Move.PASSES: {
        Stage.ENDED: Stage.PAST,
        Stage.PAST: Stage.PAST,  # its end was told twice
    },
}
