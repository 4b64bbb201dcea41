"""The reference implementation against what can be checked by hand: transcripts, corpus, figures."""

import struct
from pathlib import Path

import pytest
from oracle import Options, Oracle, corpus, csv_text, run
from oracle.corpus import Case
from oracle.expressions import Opaque, scalar
from oracle.lines import lookup, read_object, split_lines
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


def bucket_of(case: Case) -> str:
    """How the oracle counts the line of a case; it is the first of its input unless the case says other."""
    before = [] if case.facts.get("first", True) else [b""]
    ledger = run([*before, case.data], Options(time="ts")).ledger
    return "reject" if ledger["bad"] else "accept" if ledger["no_time"] else "?"


@pytest.mark.parametrize("case", corpus.verdicts(), ids=lambda case: case.name)
def test_line_is_accepted_or_bad(case: Case) -> None:
    assert bucket_of(case) == case.facts["verdict"]


@pytest.mark.parametrize("case", corpus.load("values"), ids=lambda case: case.name)
def test_value_at_path(case: Case) -> None:
    value = lookup(read_object(case.data), str(case.facts["path"]))
    assert (value.kind if value else "missing") == case.facts["kind"]
    if value is not None and "text" in case.facts:
        assert value.text == case.facts["text"]
    if value is not None and value.kind == "number":
        number, expected = scalar(value), case.facts.get("value")
        assert isinstance(number, Opaque) if expected is None else bits(number) == bits(expected)


def bits(number: object) -> object:
    return struct.pack("<d", number) if isinstance(number, float) else number


@pytest.mark.parametrize("case", corpus.load("framing"), ids=lambda case: case.name)
def test_framing(case: Case) -> None:
    result = run(split_lines(case.data), Options(time="ts"))
    assert {name: result.ledger[name] for name in case.facts} == case.facts


def test_corpus_is_as_large_as_promised() -> None:
    sizes = {name: len(corpus.load(name)) for name in ("accept", "reject", "free", "values", "framing")}
    least = {"accept": 95, "reject": 188, "free": 35, "values": 22, "framing": 40}
    assert all(sizes[name] >= n for name, n in least.items())
