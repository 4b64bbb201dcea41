"""The outputs of a run under a state: each knows what of it is committed, and shows nothing else for good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from streamstat.checkpoints import appended, parts
from streamstat.checkpoints.appended import AppendedFile
from streamstat.checkpoints.held import HeldStream
from streamstat.checkpoints.parts import PartFolder
from streamstat.common.record import record
from streamstat.output.outputs import Form, Outputs, check_format, kind_of, stream, text_report
from streamstat.output.sinks import Sink
from streamstat.output.sinks.files import Stream, Target
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
    """sinks: what rows are written to. committed: all outputs by what the checkpoint calls them."""

    sinks: Outputs
    committed: Mapping[str, Committed]
    absent: Mapping[str, Mapping[str, Any]]  # records of outputs that are not there yet
    stdout: HeldStream | None
    late_file: AppendedFile | None
    bad_file: AppendedFile | None
    lost_file: AppendedFile | None


@record
class Told:
    """What outputs tell the state as it happens.

    writing: an output is about to write behind what a commit has of it. printed: the rows of a commit are out.
    """

    writing: Callable[[], None]
    printed: Callable[[], None]


@record
class OutputOptions:
    """The options that say where rows and lines go; paths are relative to `base`, the state's own.

    So a state may be moved together with its reports, and does not depend on the working directory.
    """

    base: str
    output: Sequence[str] = ()
    stdout_format: str | None = None
    late_file: str | None = None
    bad_file: str | None = None
    lost_file: str | None = None


def open_outputs(
    options: OutputOptions,
    form: Form,
    token: str,
    stdout: Stream,
    told: Told,
) -> StateOutputs:
    """The outputs of the options, not recovered yet."""
    check_format(options.stdout_format)
    committed: dict[str, Committed] = {}
    absent: dict[str, Mapping[str, Any]] = {}
    reports: list[Sink] = []
    for path in options.output:
        if path == "-":
            continue
        kind = kind_of(path)
        if kind == "parquet":
            folder = PartFolder(Path(options.base, path), token, form.zone.name, form.types)
            committed[path], absent[path] = folder, parts.ABSENT
            reports.append(PartSink(folder))
        else:
            file = AppendedFile(Path(options.base, path), token, told.writing)
            committed[path], absent[path] = file, appended.ABSENT
            reports.append(Headed(text_report(kind, file, form), file))
    lines: list[AppendedFile | None] = []
    for each in (options.late_file, options.bad_file, options.lost_file):
        lines.append(None if each is None else AppendedFile(Path(options.base, each), token, told.writing))
        if each is not None and lines[-1] is not None:
            committed[each], absent[each] = lines[-1], appended.ABSENT
    changelog: tuple[Sink, ...] = ()
    held = None
    if not options.output or "-" in options.output:
        held = HeldStream(stdout, told.printed)
        changelog = (Headed(stream(options.stdout_format, form, held), held),)
        committed["-"], absent["-"] = held, {}  # the last one: nothing may fail once rows are printed
    return StateOutputs(Outputs(changelog, tuple(reports)), committed, absent, held, *lines)


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


@dataclass(slots=True)
class PartSink:
    """The rows of a Parquet report."""

    folder: PartFolder

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.folder.open(fields)

    def write(self, rows: Rows) -> None:
        self.folder.write(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        """The commits of the state do it."""

    def discard(self) -> None:
        """The state does it."""
