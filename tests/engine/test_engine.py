"""The engine against the reference: same rows, same ledger, whatever the block cuts, threads and delivery."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle import Options, csv_text, run
from oracle.transcript import Transcript, cells, load_all
from tools.engine_run import Outcome, run_engine
from tools.strategies import WINDOWS, StreamCase, cases, cut, cuts, promising, threads

from streamstat.engine.engine import Engine
from streamstat.engine.sizes import Sizes
from streamstat.input.sources.inputs import pieces_input
from streamstat.runners import local

TRANSCRIPTS = load_all(Path(__file__).parents[1] / "transcripts")
NOT_OF_THE_INPUT = ("rows", "bytes", "seconds", "interrupted", "corrections", "retractions")
SMALL = Sizes(
    many_updated=1,
    many_swept=1,
    ranked_at_once=2,
    published_at_once=2,
    many_pieces=3,
    read_at_once=2,
    most_waiting=1,
    many_stretches=1,
)
thorough = settings(max_examples=120, deadline=None, print_blob=True)


@pytest.fixture(autouse=True, scope="module")
def few_rows_are_many() -> Iterator[None]:
    """The workers get small blocks too, and few rows are worked on in parts, which in use is not worth it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "Engine", partial(Engine, sizes=SMALL))
        yield


def expected(case: StreamCase) -> tuple[str, str, dict[str, object]]:
    """Changelog, report and ledger of the reference."""
    result = run(case.inputs, case.options)
    zone = case.options.timezone
    return csv_text(result.changelog, zone), csv_text(result.report, zone), result.ledger


def assert_same(case: StreamCase, outcome: Outcome) -> None:
    changelog, report, ledger = expected(case)
    assert changelog == outcome.changelog
    assert report == outcome.report
    assert ledger == {name: value for name, value in outcome.ledger.items() if name in ledger}


@thorough
@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data(), block_bytes=st.sampled_from([1, 7, 40, 100, 1000, 1 << 22]), workers=threads())
def test_engine_gives_what_the_reference_gives(
    window: str, data: st.DataObject, block_bytes: int, workers: int
) -> None:
    case = data.draw(promising(cases(windows=[window])))
    event(case.options.late)
    assert_same(case, run_engine(case.data, case.options, threads=workers, block_bytes=block_bytes))


@settings(max_examples=60, deadline=None, print_blob=True)
@given(data=st.data(), case=promising(cases(windows=tuple(WINDOWS))))
def test_delivery_does_not_matter(data: st.DataObject, case: StreamCase) -> None:
    whole = run_engine(case.data, case.options)
    pieces = [cut(each, data.draw(cuts(len(each)))) for each in case.data]
    delivered = [pieces_input(piece, f"in{i}") for i, piece in enumerate(pieces)]
    assert whole == run_engine(delivered, case.options, block_bytes=64)


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda each: each.name)
@pytest.mark.parametrize("block_bytes", [1, 1 << 22])
def test_transcript(transcript: Transcript, block_bytes: int) -> None:
    options = Options.from_command(transcript.command)
    outcome = run_engine(transcript.inputs, options, block_bytes=block_bytes)
    assert cells(transcript.rows) == cells(outcome.changelog)
    if transcript.end.report is not None:
        assert cells(transcript.end.report) == cells(outcome.report)
    for name, value in transcript.end.ledger.items():
        assert (name, value) == (name, outcome.ledger[name])
