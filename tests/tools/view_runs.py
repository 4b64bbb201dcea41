"""Runs of `view` as tests want them: any blocks, threads and restarts; rows as JSON, and what the plain twin has."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from oracle.changes import Log, spelt
from oracle.views import View, in_order

from streamstat.common.workers import Workers
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.input.events import decode_bytes
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.formats.ndjson import Ndjson
from streamstat.input.sources.inputs import Inputs, bytes_input
from streamstat.output.sinks.files import Stream
from streamstat.output.sinks.ndjson import NdjsonSink
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.plan.view_options import ViewOptions
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import ResultField, Rows


def job_of_view(own: ViewOptions, **options: Any) -> Job:
    """A job of these options."""
    return job_of(Plan(own=own, **options))


@dataclass
class Told:
    """A watcher that keeps rows as JSON: of the changelog, and of the report as it was told last."""

    changelog: list[str] = field(default_factory=list)
    report: list[str] = field(default_factory=list)
    bad: list[BadPlace] = field(default_factory=list)
    bad_lines: list[bytes] = field(default_factory=list)
    ledger: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def opened(
        self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]
    ) -> None: ...
    def format_found(self, input: str, format: str) -> None: ...
    def promised(self, of: int, time: int) -> None: ...
    def time_found(self, field: str) -> None: ...

    def published(self, publication: Publication) -> None:
        if publication.changelog is not None:
            self.changelog += lines_of(publication.changelog)
        if publication.replaces:
            self.report = []
        if publication.report is not None:
            self.report += lines_of(publication.report)

    def bad_line(self, place: BadPlace, line: bytes) -> None:
        self.bad.append(place)
        self.bad_lines.append(line)

    def over_long_line(self, place: BadPlace, size: int) -> None:
        self.bad.append(place)

    def late_line(self, of: int, line: bytes) -> None:
        raise AssertionError(line)

    def heading(self, line: bytes) -> None: ...
    def lost_lines(self, lines: Iterator[bytes]) -> None: ...
    def too_far_ahead(self, places: Iterator[BadPlace]) -> None: ...
    def progress(self, ledger: Ledger) -> None: ...

    def ended(self, engine: Engine) -> "Told":
        """The run is over."""
        engine.ledger.check()
        self.ledger = {k: v for k, v in engine.ledger.as_dict().items() if k not in ("bytes", "seconds")}
        self.warnings = engine.reports[0].warnings
        return self


def lines_of(rows: Rows) -> list[str]:
    """Rows as JSON."""
    file = BytesIO()
    sink = NdjsonSink(Stream(file))
    sink.open(rows.fields)
    sink.write(rows)
    return file.getvalue().decode().splitlines()


def run_view(data: bytes, job: Job, *, threads: int = 1, block_bytes: int = 1 << 22) -> Told:
    """A run over an input."""
    told = Told()
    with Workers(threads) as workers:
        feed = ReadOnce(Inputs([bytes_input(data, "log")]), Limits(block_bytes))
        runner = LocalRunner(job, feed, told, find_time=True, threads=threads, workers=workers)
        runner.run()
    return told.ended(runner.engine)


def run_restarting(
    blocks: Sequence[bytes], job: Job, told_as: str, restart: Callable[[Engine], Engine]
) -> Told:
    """A run over blocks of whole lines that goes on with what `restart` makes of the engine. told_as: the format."""
    told, engine = Told(), Engine(job)
    engine.begin_input(0, False)
    engine.tell_changes(told_as)
    for block in blocks:
        engine = restart(engine)
        events = decode_bytes(engine.job.decoder(Ndjson()), block)
        for outcome in list(engine.push(events)):
            if isinstance(outcome, Publication):
                told.published(outcome)
    engine = restart(engine)
    for steps in (engine.end_input(0), engine.finish(), engine.whole(last=True)):
        for publication in steps:
            told.published(publication)
    return told.ended(engine)


def twin_of(log: Log, times: Sequence[int | None]) -> View:
    """The view of what was read. times: of each record, in seconds."""
    view = View()
    for change in log.changes:
        view.take(change, times[change.record])
    return view


def plain_report(view: View, key_names: Sequence[str]) -> list[str]:
    """The rows of a twin as a report has them."""
    present = {name for row, _, _ in view.rows.values() for name in row}
    if any(is_partial for _, _, is_partial in view.rows.values()):
        present |= {name for change in view.applied for name in change.kept}
    columns = [name for name in view.names if name in present and name not in key_names]
    out = []
    for key in in_order(view.rows):
        row, time, _ = view.rows[key]
        cells = [*zip(key_names, key, strict=True), *((name, _cell(row, name)) for name in columns)]
        out.append(_line([*cells, ("changed", _clock(time))]))
    return out


def plain_changelog(view: View, key_names: Sequence[str]) -> list[str]:
    """The changelog of a twin."""
    out = []
    for told in view.told:
        columns = [name for name in told.names if name not in key_names]
        head = [("time", _clock(told.time)), ("kind", f'"{told.kind}"')]
        cells = [*zip(key_names, told.key, strict=True), *((name, _cell(told.row, name)) for name in columns)]
        out.append(_line([*head, *cells]))
    return out


def _cell(row: dict[str, Any], name: str) -> str:
    return spelt(row[name]) if name in row else "null"


def _clock(time: int | None) -> str:
    from datetime import UTC, datetime

    return "null" if time is None else json.dumps(f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}")


def _line(cells: Sequence[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{cell}" for name, cell in cells) + "}"
