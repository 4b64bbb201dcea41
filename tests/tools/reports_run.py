"""Runs several reports in one engine, as tests want it: any cut, any threads, and restarts; what each of them gave."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from streamstat.common.errors import InputError
from streamstat.common.workers import Workers
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Late, Outcome, Publication
from streamstat.input.events import decode_bytes
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.formats.ndjson import Ndjson
from streamstat.input.sources.inputs import Inputs, bytes_input
from streamstat.plan.job import Job, together
from streamstat.plan.meaning import job_of
from streamstat.runners.local import LocalRunner
from tools import engine_run
from tools.engine_run import Seen, plan_of
from tools.report_plans import ReportsCase


class SeenApart(Seen):
    """A watcher that keeps what it is told of each report."""

    def __init__(self, case: ReportsCase) -> None:
        super().__init__(case.stream.options.timezone)
        self.each = [Seen(self.zone) for _ in case.reports]

    def published(self, publication: Publication) -> None:
        self.each[publication.of].published(publication)

    def late_line(self, of: int, line: bytes) -> None:
        self.each[of].late_line(of, line)

    def outcomes(self, ledgers: Iterable[Ledger]) -> list[engine_run.Outcome]:
        """What each report gave, as its own run would tell it."""
        return [outcome_of(seen, ledger) for seen, ledger in zip(self.each, ledgers, strict=True)]


def outcome_of(seen: Seen, ledger: Ledger) -> engine_run.Outcome:
    """All but bad lines, which no report has for itself."""
    told = {name: value for name, value in ledger.as_dict().items() if name not in ("bytes", "seconds")}
    return engine_run.Outcome("".join(seen.changelog), "".join(seen.report), told, seen.late, [])


def job_of_reports(case: ReportsCase) -> Job:
    """The reports of a case as one pass."""
    own = case.own_runs.items()
    return together([replace(job_of(plan_of(options)), name=name) for name, options in own])


def run_reports(case: ReportsCase, threads: int, block_bytes: int) -> list[engine_run.Outcome]:
    """Over the stream of the case, in blocks of this size."""
    sources = [bytes_input(data, f"in{i}") for i, data in enumerate(case.stream.data)]
    seen, feed = SeenApart(case), ReadOnce(Inputs(sources), Limits(block_bytes))
    with Workers(threads) as workers:
        runner = LocalRunner(job_of_reports(case), feed, seen, threads=threads, workers=workers)
        try:
            runner.run()
        except InputError:
            if not runner.ledger.is_fruitless:
                raise
            list(runner.engine.finish())
        return seen.outcomes(runner.engine.ledgers)


def run_reports_restarting(
    case: ReportsCase, inputs: Sequence[Sequence[bytes]], restart: Callable[[Engine], Engine]
) -> list[engine_run.Outcome]:
    """Over inputs given as blocks of whole lines; goes on with what `restart` makes of the engine."""
    seen, engine = SeenApart(case), Engine(job_of_reports(case))
    for i, blocks in enumerate(inputs):
        engine.begin_input(i, i + 1 < len(inputs))
        for block in blocks:
            engine = restart(engine)
            events = decode_bytes(engine.job.decoder(Ndjson()), block)
            take(seen, engine.push(events), events.records_of)
        take(seen, engine.end_input(i))
    engine = restart(engine)
    take(seen, engine.finish())
    return seen.outcomes(engine.ledgers)


def take(
    seen: SeenApart, outcomes: Iterable[Outcome], records_of: Callable[..., list[bytes]] | None = None
) -> None:
    """Keep the rows, and the lines that were late for a report."""
    for outcome in outcomes:
        if isinstance(outcome, Publication):
            seen.published(outcome)
        elif isinstance(outcome, Late) and records_of is not None:
            for line in records_of(outcome.rows):
                seen.late_line(outcome.of, line)
