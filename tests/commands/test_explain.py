"""`run --explain`: what it says of every sample, and how little it reads."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tools.commands import Forks
from tools.explained import FOLDER, commands, explained

from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.formats.csv import Csv
from streamstat.input.sources.inputs import Inputs, pieces_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners.first_dated import first_dated
from streamstat.runners.sample import MOST_RECORDS, Sample, sampled


@pytest.mark.parametrize("name", commands())
def test_sample_is_explained_as_written(name: str, forks: Forks) -> None:
    said = explained(*commands()[name], forks)
    assert said == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert max(map(len, said.splitlines())) <= 80


def test_there_is_no_explanation_of_what_is_no_sample() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(commands())


def sample_of(pieces: Iterator[bytes], plan: Plan | None = None) -> Sample:
    feed = ReadOnce(Inputs([pieces_input(pieces, "in")]), Limits())
    return sampled(job_of(plan or Plan()), feed, None)


def test_pipe_is_read_up_to_the_last_record_that_is_wanted() -> None:
    taken: list[int] = []

    def endless() -> Iterator[bytes]:
        for i in count():
            taken.append(i)
            yield b'{"ts":%d}\n' % i

    sample = sample_of(endless())
    assert (sample.ledgers[0].counted, sample.is_whole) == (MOST_RECORDS, False)
    assert len(taken) < 50 * MOST_RECORDS  # what a pipe has brought meanwhile is taken at once
    assert first_dated(sample) is not None


@pytest.mark.parametrize("size", [7, 1000, 1 << 20])
def test_records_are_counted_whatever_lies_between_them(size: int) -> None:
    lines = [b"", b"{bad", b'{"ts":1}'] * MOST_RECORDS
    data = b"\n".join(lines) + b"\n"
    sample = sample_of(data[i : i + size] for i in range(0, len(data), size))
    ledger = sample.ledgers[0]
    assert (ledger.bad, ledger.counted) == (MOST_RECORDS // 2, MOST_RECORDS // 2)


def test_input_that_is_shorter_is_read_whole() -> None:
    sample = sample_of(iter([b'{"ts":1}\n\n{"ts":2}']))
    assert (sample.ledgers[0].counted, sample.is_whole) == (2, True)


def test_first_event_is_found_in_a_later_block() -> None:
    pieces = [b'{"ts":null}\n' * 900, b'{"ts":7}\n']
    first = first_dated(sample_of(iter(pieces), Plan(time="ts")))
    assert first is not None and (first.place, first.time) == ("in:901", 7_000_000)


@pytest.mark.parametrize(
    ("event", "offset", "time"),
    [
        ('"o":1000,"s":5000,"r":65200', 60_200_000, 61_200_000),
        ('"o":9000,"s":5000,"r":65200', None, 65_200_000),
    ],
)
def test_times_of_the_first_event_are_those_of_the_clock(event: str, offset: int | None, time: int) -> None:
    line = f"{{{event}}}\n".encode()
    plan = Plan(time="o", sent="s", received="r", time_unit="ms")
    first = first_dated(sample_of(iter([line]), plan))
    assert first is not None
    assert (first.time, first.has_jumped) == (time, offset is None)
    assert offset is None or first.offset == offset


def test_heading_is_no_record(tmp_path: Path) -> None:
    text = b"ts,v\n" + b"".join(b"%d,1\n" % i for i in range(3 * MOST_RECORDS))
    feed = ReadOnce(Inputs([pieces_input(iter([text]), "in")]), Limits(choose=lambda _, __: Csv()))
    assert sampled(job_of(Plan()), feed, None).ledgers[0].lines == MOST_RECORDS
