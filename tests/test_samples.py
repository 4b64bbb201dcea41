"""Each sample gives its expected file: as typed, for any threads and blocks, and by the reference."""

import csv
import io
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from oracle import Options, csv_text, run
from oracle.lines import split_lines

import streamstat
from streamstat.common.zones import Zone
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.sources.inputs import expand
from streamstat.output.sinks.csv import CsvSink
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import ResultField

SAMPLES = Path(__file__).parent.parent / "samples"
NAMES = sorted(file.parent.name for file in SAMPLES.glob("*/expected.csv"))
GENERATED = sorted(file.parent.name for file in SAMPLES.glob("*/generate.py"))
STREAMSTAT = [sys.executable, "-m", "streamstat"]


def command_of(name: str) -> list[str]:
    """The words behind `streamstat run`; the last is the input."""
    words = shlex.split((SAMPLES / name / "command").read_text())
    assert words[:2] == ["streamstat", "run"]
    return words[2:]


def expected_of(name: str) -> str:
    return (SAMPLES / name / "expected.csv").read_text()


def lines_of(name: str) -> list[bytes]:
    return split_lines((SAMPLES / name / "events.ndjson").read_bytes())


class Memory:
    """A target of a sink that keeps what is written."""

    def __init__(self) -> None:
        self.data = b""

    def open(self) -> None: ...
    def write(self, data: bytes | memoryview) -> None:
        self.data += data

    def publish(self) -> None: ...
    def discard(self) -> None: ...


class CsvWatcher:
    """Renders the changelog, as stdout has it."""

    def __init__(self, zone: str) -> None:
        self.target = Memory()
        self._sink = CsvSink(self.target, None if zone == "UTC" else Zone(zone).offsets)

    def opened(self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        self._sink.open(changelog)

    def published(self, publication: Publication) -> None:
        if publication.changelog is not None:
            self._sink.write(publication.changelog)

    def time_found(self, field: str) -> None: ...
    def format_found(self, input: str, format: str) -> None: ...
    def bad_line(self, place: BadPlace, line: bytes) -> None: ...
    def over_long_line(self, place: BadPlace, size: int) -> None: ...

    def late_line(self, of: int, line: bytes) -> None: ...
    def heading(self, line: bytes) -> None: ...
    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None: ...
    def lost_lines(self, lines: Iterator[bytes]) -> None: ...
    def promised(self, of: int, time: int) -> None: ...
    def too_far_ahead(self, places: Iterator[BadPlace]) -> None: ...
    def progress(self, ledger: Ledger) -> None: ...


def plan_of(options: Options) -> Plan:
    given: Mapping[str, object] = {
        name: value for name, value in vars(options).items() if value is not None and name != "promises"
    }
    return Plan(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_command_gives_expected_report(name: str) -> None:
    command = [*STREAMSTAT, "run", *command_of(name)]
    done = subprocess.run(command, cwd=SAMPLES / name, capture_output=True, check=True)
    assert done.stdout.decode() == expected_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_command_gives_the_same_through_a_pipe(name: str) -> None:
    command = [*STREAMSTAT, "run", *command_of(name)[:-1]]
    events = (SAMPLES / name / "events.ndjson").read_bytes()
    done = subprocess.run(command, cwd=SAMPLES / name, input=events, capture_output=True, check=True)
    assert done.stdout.decode() == expected_of(name)


@pytest.mark.parametrize("block_bytes", [1, 700, 40_001, 1 << 22])
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("name", NAMES)
def test_threads_and_blocks_change_nothing(name: str, threads: int, block_bytes: int) -> None:
    options = Options.from_command(command_of(name)[:-1])
    watcher = CsvWatcher(options.timezone)
    inputs = expand([str(SAMPLES / name / "events.ndjson")])
    LocalRunner(
        job_of(plan_of(options)),
        ReadOnce(inputs, Limits(block_bytes)),
        watcher,
        threads=threads,
    ).run()
    assert watcher.target.data.decode() == expected_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_reference_gives_expected_report(name: str) -> None:
    options = Options.from_command(command_of(name)[:-1])
    result = run(lines_of(name), options)
    assert csv_text(result.changelog, options.timezone) == expected_of(name).split("\n", 1)[1]


@pytest.mark.parametrize("name", GENERATED)
def test_generator_makes_the_events_again(name: str, tmp_path: Path) -> None:
    generator = SAMPLES / name / "generate.py"
    done = subprocess.run([sys.executable, generator], cwd=tmp_path, capture_output=True, check=True)
    events = SAMPLES / name / "events.ndjson"
    assert done.stdout == (events.read_bytes() if events.exists() else b"")
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (SAMPLES / name / made.name).read_bytes()


def test_corrected_phones_are_where_the_generator_knows_they_were() -> None:
    """But for four events whose phone's clock was set before they were sent: they count when they came."""
    truth = list(csv.DictReader(io.StringIO((SAMPLES / "phones" / "truth.csv").read_text())))
    report = list(csv.DictReader(io.StringIO(expected_of("phones"))))
    assert [row["window_start"] for row in report] == [row["window_start"] for row in truth]
    differences = [int(a["events"]) - int(b["events"]) for a, b in zip(report, truth, strict=True)]
    assert differences == [0, 0, 0, 0, 0, -1, 1, 0, 0, 0, 0, 0]


def test_uncorrected_phones_are_spread_over_sixty_years() -> None:
    plan = Plan(window="tumbling:10m", time="occurred_at", time_unit="ms")
    starts = streamstat.run(plan, SAMPLES / "phones" / "events.ndjson").column("window_start").to_pylist()
    assert (len(starts), starts[0].year, starts[-1].year) == (63, 1970, 2028)
