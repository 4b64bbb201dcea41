"""A run for Python callers: rows are gathered into a table."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from streamstat.common.errors import UsageError
from streamstat.common.workers import Workers
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Publication
from streamstat.input.archives import refuse_archives
from streamstat.input.detection import choice
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.sources import Input
from streamstat.input.sources.inputs import Inputs, expand, input_of
from streamstat.plan.meaning import format_of, job_of
from streamstat.plan.plan import Plan
from streamstat.runners import BadPlace
from streamstat.runners.local import LocalRunner
from streamstat.values.columns import ResultField, Rows

if TYPE_CHECKING:
    import pyarrow as pa


class RowCollector:
    """A watcher that keeps the rows."""

    def __init__(self, changelog: bool) -> None:
        self._changelog = changelog
        self.fields: tuple[ResultField, ...] = ()
        self.rows: list[Rows] = []

    def opened(self, of: int, changelog: tuple[ResultField, ...], report: tuple[ResultField, ...]) -> None:
        self.fields = changelog if self._changelog else report

    def published(self, publication: Publication) -> None:
        rows = publication.changelog if self._changelog else publication.report
        if publication.replaces:
            self.rows.clear()
        if rows is not None:
            self.rows.append(rows)
            self.fields = rows.fields  # which of a view are known only now

    def promised(self, of: int, time: int) -> None: ...
    def time_found(self, field: str) -> None: ...
    def format_found(self, input: str, format: str) -> None: ...
    def heading(self, line: bytes) -> None: ...
    def bad_line(self, place: BadPlace, line: bytes) -> None: ...
    def over_long_line(self, place: BadPlace, size: int) -> None: ...
    def late_line(self, of: int, line: bytes) -> None: ...
    def judged(self, accepted: Iterator[bytes], refused: Iterator[bytes]) -> None: ...
    def lost_lines(self, lines: Iterator[bytes]) -> None: ...
    def too_far_ahead(self, places: Iterator[BadPlace]) -> None: ...
    def progress(self, ledger: Ledger) -> None: ...


def inputs_of(given: object, streams: Sequence[str] = ()) -> Inputs:
    """One input or several, of whatever kind. streams: the names of several, by which those of each are given."""
    if streams:
        return _inputs_of_streams(given, streams)
    if isinstance(given, str | os.PathLike | bytes | bytearray | memoryview | Input) or hasattr(
        given, "read"
    ):
        given = [given]
    if not isinstance(given, Iterable):
        given = [given]
    found: list[Input] = []
    for each in given:
        found += expand([str(each)]) if isinstance(each, str | os.PathLike) else [input_of(each)]
    inputs = Inputs(found)
    refuse_archives(inputs)
    return inputs


def _inputs_of_streams(given: object, streams: Sequence[str]) -> Inputs:
    if not isinstance(given, Mapping) or set(given) != set(streams):
        example = ", ".join(f'"{name}": "{name}.ndjson"' for name in streams)
        raise UsageError("inputs", "are to be given by side", f"for example {{{example}}}")
    return Inputs(
        replace(one, stream=number) for number, name in enumerate(streams) for one in inputs_of(given[name])
    )


def run_to_table(plan: Plan, inputs: Any, threads: int | None, strict: bool, changelog: bool) -> "pa.Table":
    """See `streamstat.run`."""
    from streamstat.output.arrow import to_table

    job = job_of(plan)
    collector = RowCollector(changelog)
    streams = [each.name for each in job.streams]
    found = inputs_of(inputs, streams)
    with Workers(threads or len(os.sched_getaffinity(0))) as workers:
        runner = LocalRunner(
            job,
            ReadOnce(
                found, Limits(choose=choice(format_of(plan), growing=False), streams=len(job.each_stream))
            ),
            collector,
            strict=strict,
            threads=workers.threads,
            workers=workers,
        )
        ledger = runner.run()
    table = to_table(collector.rows, job.zone.name, collector.fields)
    told = {"streamstat.ledger": json.dumps(ledger.as_dict()), "streamstat.notes": json.dumps(runner.notes)}
    return table.replace_schema_metadata(told)
