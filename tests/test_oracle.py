"""The reference implementation against what can be checked by hand: transcripts, corpus, figures."""

from pathlib import Path

import pytest
from oracle import Options, Oracle, csv_text, run
from oracle.lines import split_lines
from oracle.transcript import Transcript, cells, load_all

HERE = Path(__file__).parent
TRANSCRIPTS = load_all(HERE / "transcripts")


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript.name)
def test_transcript_step_by_step(transcript: Transcript) -> None:
    options = Options.from_command(transcript.command)
    oracle, file = Oracle(options), ""
    names = [step.file for step in transcript.steps]
    for step in transcript.steps:
        if step.file != file:
            file = step.file
            oracle.begin_input(is_last=file == names[-1])
        before = len(oracle.state.table.changelog)
        oracle.feed(split_lines(step.data))
        assert cells(csv_text(oracle.state.table.changelog[before:], options.timezone)) == cells(step.expect)
        if step.watermark is not None:
            assert (oracle.watermark_text() or "-inf") == step.watermark
    before = len(oracle.state.table.changelog)
    result = oracle.finish()
    assert cells(csv_text(result.changelog[before:], options.timezone)) == cells(transcript.end.expect)
    if transcript.end.report is not None:
        assert cells(csv_text(result.report, options.timezone)) == cells(transcript.end.report)
    assert {name: result.ledger[name] for name in transcript.end.ledger} == transcript.end.ledger


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript.name)
def test_transcript_fed_at_once(transcript: Transcript) -> None:
    options = Options.from_command(transcript.command)
    result = run([split_lines(data) for data in transcript.inputs], options)
    assert cells(csv_text(result.changelog, options.timezone)) == cells(transcript.rows)
    assert Options.from_command(options.to_command()) == options
