"""Runs the real engine as tests want it: any block size, thread count, delivery and restarts; rows as CSV text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

from oracle import Options

from streamstat.common.errors import InputError
from streamstat.common.workers import Workers
from streamstat.common.zones import Zone
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Late, Publication
from streamstat.input.events import decode_bytes
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.formats.ndjson import Ndjson
from streamstat.input.sources import Input
from streamstat.input.sources.inputs import Inputs, bytes_input
from streamstat.output.sinks.csv import CsvSink
from streamstat.output.sinks.files import Stream
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import ResultField


@dataclass
class Seen:
    """A watcher that keeps what it is told."""

    zone: str
    changelog: list[str] = field(default_factory=list)
    report: list[str] = field(default_factory=list)
    late: list[bytes] = field(default_factory=list)
    bad: list[BadPlace] = field(default_factory=list)
    bad_lines: list[bytes] = field(default_factory=list)
    ahead: list[BadPlace] = field(default_factory=list)
    lost: list[bytes] = field(default_factory=list)

    def opened(self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        self.names = [each.name for each in changelog]

    def format_found(self, input: str, format: str) -> None:
        """Not compared."""

    def promised(self, of: int, time: int) -> None: ...
    def time_found(self, field: str) -> None: ...

    def published(self, publication: Publication) -> None:
        for rows, texts in ((publication.changelog, self.changelog), (publication.report, self.report)):
            if rows is not None:
                file = BytesIO()
                offsets = None if self.zone == "UTC" else Zone(self.zone).offsets
                sink = CsvSink(Stream(file), offsets)
                sink.open(rows.fields)
                sink.write(rows)
                texts.append(file.getvalue().decode().partition("\n")[2])

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        self.bad.append(place)
        self.bad_lines.append(line)

    def over_long_line(self, place: BadPlace, size: int) -> None:
        self.bad.append(place)

    def late_line(self, of: int, line: bytes) -> None:
        self.late.append(line)

    def heading(self, line: bytes) -> None: ...
    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None: ...
    def lost_lines(self, lines: Iterator[bytes]) -> None:
        self.lost += lines

    def too_far_ahead(self, places: Iterator[BadPlace]) -> None:
        self.ahead += places

    def progress(self, ledger: Ledger) -> None: ...


@dataclass(frozen=True)
class Outcome:
    """What a run gave: rows as CSV without header, the ledger, late and bad lines."""

    changelog: str
    report: str
    ledger: dict[str, object]
    late: list[bytes]
    bad: list[BadPlace]
    ahead: list[BadPlace] = field(default_factory=list)


def plan_of(options: Options) -> Plan:
    """The same options for the real thing."""
    given = {name: value for name, value in vars(options).items() if value != getattr(Options(), name)}
    given.pop("promises", None)  # of the command line, not of a plan
    for name in ("max_groups", "year", "limit"):
        if name in given:
            given[name] = int(given[name])
    return Plan(**given)


def meant(options: Options) -> Job:
    """The job that they ask for."""
    return replace(job_of(plan_of(options)), promises=options.promises)


def run_engine(
    inputs: Sequence[bytes | Input],
    options: Options,
    *,
    threads: int = 1,
    block_bytes: int = 1 << 22,
    seen: Seen | None = None,
) -> Outcome:
    """Run over inputs given as bytes or as they are delivered. `seen`: the watcher, if it is to be asked for more."""
    seen = seen or Seen(options.timezone)
    return run_job(inputs, meant(options), seen, threads, block_bytes)


def run_job(inputs: Sequence[bytes | Input], job: Job, seen: Seen, threads: int, block_bytes: int) -> Outcome:
    """The same with a job of any verb."""
    sources = [
        each if isinstance(each, Input) else bytes_input(each, f"in{i}") for i, each in enumerate(inputs)
    ]
    with Workers(threads) as workers:
        runner = LocalRunner(
            job,
            ReadOnce(Inputs(sources), Limits(block_bytes, streams=len(job.each_stream))),
            seen,
            threads=threads,
            workers=workers,
        )
        try:
            runner.run()
        except InputError:
            if not runner.ledger.is_fruitless:
                raise
            list(runner.engine.finish())  # the engine is to be compared all the same
        ledger = runner.ledger.as_dict()
    for name in ("bytes", "seconds"):
        del ledger[name]
    return Outcome("".join(seen.changelog), "".join(seen.report), ledger, seen.late, seen.bad, seen.ahead)


def fed(engine: Engine, lines: bytes) -> tuple[Engine, list[Publication], list[bytes]]:
    """The engine after a block of these lines, what it published, and the late lines."""
    job = engine.job
    events = decode_bytes(job.decoder(Ndjson()), lines)
    outcomes = list(engine.push(events))
    published = [each for each in outcomes if isinstance(each, Publication)]
    late = [events.records_of(each.rows) for each in outcomes if isinstance(each, Late)]
    return engine, published, [line for lines in late for line in lines]


def run_restarting(
    inputs: Sequence[Sequence[bytes]], options: Options, restart: Callable[[Engine], Engine]
) -> Outcome:
    """Run over inputs given as blocks of whole lines; goes on with what `restart` makes of the engine."""
    seen, engine = Seen(options.timezone), Engine(meant(options))
    for i, blocks in enumerate(inputs):
        engine.begin_input(i, i + 1 < len(inputs))
        engine = restart(engine)
        for block in blocks:
            engine, published, late = fed(engine, block)
            seen.late += late
            engine = restart(engine)
            for publication in published:
                seen.published(publication)
        for publication in engine.end_input(i):
            seen.published(publication)
        engine = restart(engine)
    for publication in engine.finish():
        seen.published(publication)
    engine.ledger.check()
    ledger = engine.ledger.as_dict()
    for name in ("bytes", "seconds"):
        del ledger[name]
    return Outcome("".join(seen.changelog), "".join(seen.report), ledger, seen.late, [])
