"""The outputs of a run under a state: each knows what of it is committed, and shows nothing else for good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from streamstat.checkpoints import appended, parts, replaced
from streamstat.checkpoints.appended import AppendedFile
from streamstat.checkpoints.held import HeldStream
from streamstat.checkpoints.parts import PartFolder
from streamstat.checkpoints.replaced import ReplacedFile
from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.output.outputs import (
    Form,
    Outputs,
    check_format,
    stream,
    text_report,
    whole_report,
)
from streamstat.output.packing import Members
from streamstat.output.sinks import Sink
from streamstat.output.sinks.files import Stream, Target
from streamstat.output.suffixes import DRAWN, FileKind, kind_of
from streamstat.values.columns import ResultField, Rows


class Committed(Protocol):
    """An output whose content belongs to commits. At the start `check` (`check_end`), then `recover`; a commit is
    `prepare`, the checkpoint, `publish`."""

    notes: list[str]

    def check(self, record: Mapping[str, Any]) -> None:
        """CannotCreateError if it is not as the record says; changes nothing."""

    def check_end(self, record: Mapping[str, Any]) -> None:
        """CannotCreateError if there is more than the record says, of a run that has left nothing behind it."""

    def recover(self, record: Mapping[str, Any]) -> None:
        """Finish what the last commit has of it, undo the rest. Harmless a second time."""

    def prepare(self, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Make durable all that was written; its record of the next commit."""

    def publish(self) -> None:
        """The commit stands: show it."""

    def discard(self) -> None:
        """Take back what is not committed, as far as that goes."""

    def close(self) -> None:
        """Give back what is held."""


@record
class StateOutputs:
    """sinks: what rows of each report are written to. committed: all outputs by what the checkpoint calls them."""

    sinks: tuple[Outputs, ...]
    committed: Mapping[str, Committed]
    absent: Mapping[str, Mapping[str, Any]]  # records of outputs that are not there yet
    report_of: Mapping[str, int]  # the number of the report that an output is of
    stdout: HeldStream | None
    late_files: tuple[AppendedFile | None, ...]
    bad_file: AppendedFile | None
    lost_file: AppendedFile | None
    command_files: tuple[AppendedFile | None, AppendedFile | None]


@record
class Told:
    """What outputs tell the state as it happens.

    writing: an output is about to write behind what a commit has of it. printed: the rows of a commit are out.
    """

    writing: Callable[[], None]
    printed: Callable[[], None]


@record
class ReportOptions:
    """Where the rows and the late lines of one report go, and how its rows are written."""

    form: Form
    output: Sequence[str] = ()
    stdout_format: str | None = None
    late_file: str | None = None


@record
class OutputOptions:
    """The options that say where rows and lines go; paths are relative to `base`, the state's own.

    So a state may be moved together with its reports, and does not depend on the working directory.
    """

    base: str
    reports: Sequence[ReportOptions]
    bad_file: str | None = None
    lost_file: str | None = None
    command_files: tuple[str | None, str | None] = (None, None)  # accepted, refused


def check_kinds(paths: Sequence[str], stdout_format: str | None) -> None:
    """UsageError for an output of `--output` or `--format` that cannot grow from run to run."""
    check_format(stdout_format)
    for path in paths:
        if path != "-" and kind_of(path).format in DRAWN:
            problem = f"{path!r} is drawn from all rows, and --state adds some"
            raise UsageError(
                "--output", problem, f"-o report.csv, then streamstat chart report.csv -o {path}"
            )
        if path != "-" and kind_of(path).format == "json":
            ending = path.lower().rpartition(".json")[2]
            problem = f"{path!r} is one array, which cannot grow with --state"
            raise UsageError("--output", problem, f"end its name in .ndjson{ending}")
    if paths and "-" not in paths:
        return
    if stdout_format == "json":
        problem = "json is one array, which ends with the run; with --state rows go on"
        raise UsageError("--format", problem, "-f ndjson prints an object a line")
    if stdout_format == "prom":
        problem = "prom is replaced with each commit, which stdout cannot be"
        raise UsageError("--format", problem, "-o report.prom writes it to a file")


def open_outputs(options: OutputOptions, token: str, stdout: Stream, told: Told) -> StateOutputs:
    """The outputs of the options, for which `check_kinds` has nothing to say; not recovered yet."""
    committed: dict[str, Committed] = {}
    absent: dict[str, Mapping[str, Any]] = {}
    report_of: dict[str, int] = {}

    def lines(path: str | None) -> AppendedFile | None:
        if path is None:
            return None
        file = AppendedFile(Path(options.base, path), token, told.writing)
        committed[path], absent[path] = file, appended.ABSENT
        return file

    held: HeldStream | None = None
    sinks = []
    for number, report in enumerate(options.reports):
        reports: list[Sink] = []
        for path in (path for path in report.output if path != "-"):
            place = Path(options.base, path)
            committed[path], absent[path], sink = _report(place, kind_of(path), report.form, token, told)
            reports.append(sink)
            report_of[path] = number
        changelog: tuple[Sink, ...] = ()
        if not report.output or "-" in report.output:
            held = HeldStream(stdout, told.printed)
            changelog = (Headed(stream(report.stdout_format, report.form, held), held),)
        sinks.append(Outputs(changelog, tuple(reports)))
    late = tuple(lines(report.late_file) for report in options.reports)
    bad, lost = lines(options.bad_file), lines(options.lost_file)
    accepted, refused = map(lines, options.command_files)
    if held is not None:
        committed["-"], absent["-"] = held, {}  # the last one: nothing may fail once rows are printed
    return StateOutputs(
        tuple(sinks), committed, absent, report_of, held, late, bad, lost, (accepted, refused)
    )


def _report(
    place: Path, kind: FileKind, form: Form, token: str, told: Told
) -> tuple[Committed, Mapping[str, Any], Sink]:
    """A report file, its record before it is there, and what rows are written to."""
    if form.replaces:
        version = ReplacedFile(place, token, lambda target: whole_report(kind, target, form))
        return version, replaced.ABSENT, CommittedSink(version)
    if kind.format == "parquet":
        folder = PartFolder(place, token, form.zone.name, form.types)
        return folder, parts.ABSENT, CommittedSink(folder)
    if kind.format == "prom":
        whole = ReplacedFile(place, token, lambda target: text_report(kind.format, target, form))
        return whole, replaced.ABSENT, CommittedSink(whole)
    members = None if kind.packing is None else Members(kind.packing)
    file = AppendedFile(place, token, told.writing, members)
    return file, appended.ABSENT, Headed(text_report(kind.format, file, form), file)


class HeadedTarget(Target, Protocol):
    """A target that treats what is written before `heading_done` in its own way."""

    def heading_done(self) -> None:
        """What is written from now on is rows."""


@dataclass(slots=True)
class Headed:
    """A text sink whose target is told where the heading ends."""

    sink: Sink
    target: HeadedTarget

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.sink.open(fields)
        self.target.heading_done()

    def write(self, rows: Rows) -> None:
        self.sink.write(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        """The commits of the state do it."""

    def discard(self) -> None:
        """The state does it."""


class TakesRows(Protocol):
    """An output that makes of rows what it commits."""

    def open(self, fields: tuple[ResultField, ...]) -> None:
        """The columns of all rows."""

    def write(self, rows: Rows) -> None:
        """Rows of the next commit."""


@dataclass(slots=True)
class CommittedSink:
    """The rows of a report that takes rows."""

    output: TakesRows

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.output.open(fields)

    def write(self, rows: Rows) -> None:
        self.output.write(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        """The commits of the state do it."""

    def discard(self) -> None:
        """The state does it."""
