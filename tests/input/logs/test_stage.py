"""What a tracked file may be at, and what may follow on what."""

import pytest

from streamstat.input.logs.stage import Move, Stage


@pytest.mark.parametrize(
    ("moves", "stage"),
    [
        ([Move.TELLS_ITS_END, Move.ENDS], Stage.ENDED),
        ([Move.ENDS, Move.PASSES], Stage.PAST),
        ([Move.IS_LOST, Move.TELLS_ITS_END, Move.ENDS, Move.PASSES], Stage.PAST),
        ([Move.TELLS_ITS_END, Move.IS_LOST, Move.GOES_ON], Stage.CLOSING),
        ([Move.IS_LOST, Move.GOES_ON], Stage.READING),
        ([Move.TELLS_ITS_END, Move.GROWS], Stage.READING),
        ([Move.TELLS_ITS_END, Move.ENDS, Move.GROWS], Stage.READING),
        ([Move.ENDS, Move.IS_LOST], Stage.ENDED),
        ([Move.ENDS, Move.GOES_ON, Move.TELLS_ITS_END], Stage.CLOSING),
    ],
)
def test_a_file_goes_from_stage_to_stage(moves: list[Move], stage: Stage) -> None:
    at = Stage.READING
    for move in moves:
        at = at.after(move)
    assert at is stage


@pytest.mark.parametrize(
    ("stage", "move"),
    [
        *((stage, Move.GROWS) for stage in (Stage.LOST, Stage.PARTING)),
        *((stage, Move.TELLS_ITS_END) for stage in (Stage.CLOSING, Stage.PARTING)),
        *((stage, Move.PASSES) for stage in (Stage.READING, Stage.LOST, Stage.CLOSING, Stage.PARTING)),
    ],
)
def test_what_cannot_be_is_refused(stage: Stage, move: Move) -> None:
    with pytest.raises(AssertionError, match=f"a file that is {stage.value} {move.value}"):
        stage.after(move)


def test_nothing_leads_back_from_what_is_past() -> None:
    assert {move: Stage.PAST.after(move) for move in Move} == dict.fromkeys(Move, Stage.PAST)


def test_what_is_not_taken_in_is_recorded_as_open() -> None:
    assert {stage: stage.recorded for stage in Stage} == {
        Stage.READING: Stage.READING,
        Stage.LOST: Stage.READING,
        Stage.CLOSING: Stage.READING,
        Stage.PARTING: Stage.READING,
        Stage.ENDED: Stage.ENDED,
        Stage.PAST: Stage.PAST,
    }
