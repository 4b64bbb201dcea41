"""Which sinks a run writes to: stdout, and report files by their suffix."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from shutil import get_terminal_size

from streamstat.common.errors import CannotCreateError, UsageError
from streamstat.common.record import record
from streamstat.common.registry import nearest
from streamstat.common.terminal import has_styles, printable, quoted
from streamstat.common.workers import ALONE, Workers
from streamstat.common.zones import Zone
from streamstat.output.arrow import TYPES
from streamstat.output.behind import BehindSink
from streamstat.output.metrics import metrics_of
from streamstat.output.packing import Members, PackedTarget
from streamstat.output.presentation import Presentation
from streamstat.output.sinks import Sink
from streamstat.output.sinks.files import NamedTarget, Report, Stream, Target, creating
from streamstat.output.suffixes import DRAWN, FileKind, is_file, kind_of
from streamstat.values.cells import Offsets
from streamstat.values.columns import ColumnType, ResultField, Rows

FORMATS = ("table", "vertical", "chart", "csv", "tsv", "ndjson", "json", "prom")
CHARTS = ("lines", "bars", "heatmap", "bands", "ranked")
NAMING = ("ndjson", "json")  # those whose rows name their columns


@record
class Outputs:
    """changelog: sinks on stdout; reports: sinks of files, which get each window once."""

    changelog: tuple[Sink, ...]
    reports: tuple[Sink, ...]

    @property
    def sinks(self) -> tuple[Sink, ...]:
        return self.changelog + self.reports


@dataclass(frozen=True, slots=True)
class Form:
    """How rows are written, whatever the format: the zone of times, `--csv-raw`, `--type`, and who renders them.

    header: whether CSV and TSV have a line of names. groups: the columns that tell groups apart. presentation: what
    those must be told who write for eyes. replaces: a report is replaced as a whole, and columns come with rows.
    chart: the kind of charts; None: it is chosen by the columns.
    """

    zone: Zone
    csv_raw: bool = False
    types: Mapping[str, str] = field(default_factory=dict)
    workers: Workers = ALONE
    header: bool = True
    groups: tuple[str, ...] = ()
    presentation: Presentation = Presentation()  # noqa: RUF009  (immutable)
    replaces: bool = False
    chart: str | None = None

    @property
    def offsets(self) -> Offsets | None:
        """Those of the zone."""
        return None if self.zone.name == "UTC" else self.zone.offsets


def outputs(paths: Sequence[str], stdout_format: str | None, form: Form) -> Outputs:
    """The sinks for `--output` and `--format`; no path means stdout."""
    check_format(stdout_format)
    reports = tuple(report(path, form) for path in paths if path != "-")
    return Outputs((stream(stdout_format, form),) if not paths or "-" in paths else (), reports)


def check_format(stdout_format: str | None) -> None:
    """UsageError for a format that there is not."""
    if stdout_format is not None and stdout_format not in FORMATS:
        raise UsageError("--format", f"{stdout_format!r} is no format", nearest(stdout_format, FORMATS))


def check_charts(paths: Sequence[str], chart: str | None) -> None:
    """UsageError for a kind of chart that there is not, and where charts are wanted and cannot be drawn here."""
    drawn = [path for path in paths if path != "-" and kind_of(path).format in DRAWN]
    if chart is not None and chart not in CHARTS:
        raise UsageError("--chart", f"{chart!r} is no kind of chart", nearest(chart, CHARTS))
    if chart is not None and not drawn:
        raise UsageError(
            "--chart", "means nothing without a report that is drawn", "for example -o report.html"
        )
    if drawn:
        from streamstat.output.charts.rendering import check_package

        check_package(printable(drawn[0]))


def check_metrics(
    paths: Sequence[str], stdout_format: str | None, fields: Sequence[ResultField], groups: Sequence[str]
) -> None:
    """UsageError if metrics are wanted, and two columns would be one of them, or rows are of no windows."""
    files = [kind_of(path).format for path in paths if path != "-"]
    if "prom" not in [*files, stdout_format]:
        return
    if all(each.name != "window_end" for each in fields):
        option, hint = ("--output", "-o report.csv") if "prom" in files else ("--format", "-f csv")
        raise UsageError(
            option, "prom holds the newest window, and these rows have none", f"for example {hint}"
        )
    metrics_of(fields, groups)


def report(path: str, form: Form) -> Sink:
    """The sink for a report file, which a thread of its own writes if there are several."""
    if form.replaces:
        from streamstat.output.sinks.whole import WholeSink

        once = replace(form, replaces=False)
        kind_of(path)
        return WholeSink(lambda: report(path, once), is_file(path))
    if form.workers.threads == 1 or not is_file(path):
        return _report(path, form)
    return BehindSink(_report(path, replace(form, workers=ALONE)))


def _report(path: str, form: Form) -> Sink:
    kind = kind_of(path)
    if not Path(path).parent.is_dir():
        raise CannotCreateError(
            path, "no such directory", f"mkdir -p {quoted(str(Path(path).parent))} makes it"
        )
    return whole_report(kind, Report(path), form)


def whole_report(kind: FileKind, target: NamedTarget, form: Form) -> Sink:
    """The sink that writes a report of any kind onto a target, from its first row to its last."""
    if kind.format == "parquet":
        from streamstat.output.sinks.parquet import ParquetSink

        return ParquetSink(target, form.zone.name, form.types)
    packed = target if kind.packing is None else PackedTarget(target, Members(kind.packing))
    if kind.format in DRAWN:
        from streamstat.output.drawing import Drawing
        from streamstat.output.sinks.drawn import DrawnSink

        drawing = Drawing(kind.format, form.chart)
        return DrawnSink(packed, target.path, drawing, form.zone, form.groups)
    return text_report(kind.format, packed, form)


def text_report(name: str, target: Target, form: Form) -> Sink:
    """The sink that writes a format of text for a file onto a target."""
    if name == "csv":
        from streamstat.output.sinks.csv import CsvSink

        return CsvSink(target, form.offsets, form.header, not form.csv_raw, workers=form.workers)
    return _text_sink(name, target, form, terminal=False)


def stream(stdout_format: str | None, form: Form, target: Target | None = None) -> Sink:
    """The sink for stdout; `target`: what is between it and stdout."""
    if form.replaces and stdout_format not in NAMING:
        from streamstat.output.sinks.fitted import FittedSink

        return FittedSink(_stream(stdout_format, form, target))
    return _stream(stdout_format, form, target)


def _stream(stdout_format: str | None, form: Form, target: Target | None) -> Sink:
    if form.presentation.in_view:
        from streamstat.output.sinks.unseen import UnseenSink

        return UnseenSink()
    terminal = sys.stdout.isatty()
    target = target or Stream(sys.stdout.buffer)
    name = stdout_format or ("table" if terminal else "csv")
    if name == "table":
        from streamstat.output.sinks.table import TableSink

        room = get_terminal_size().columns if terminal else None
        return TableSink(
            target, form.offsets, room, terminal and has_styles(), form.presentation, is_short=terminal
        )
    if name == "vertical":
        from streamstat.output.sinks.vertical import VerticalSink

        return VerticalSink(target, form.offsets)
    if name == "chart":
        from streamstat.output.sinks.chart import ChartSink, Paper, paper_of

        paper = paper_of(get_terminal_size(), has_styles()) if terminal else Paper()
        return ChartSink(target, form.offsets, form.presentation, paper)
    if name == "csv":
        from streamstat.output.sinks.csv import CsvSink

        return CsvSink(target, form.offsets, form.header, terminal=terminal)
    return _text_sink(name, target, form, terminal=terminal)


def table_of(rows: Rows, width: int, look: Presentation, offsets: Offsets | None) -> list[str]:
    """The lines of these rows as a table, in so many columns."""
    from streamstat.output.sinks.table import TableSink

    file = BytesIO()
    sink = TableSink(Stream(file), offsets, width, presentation=look)
    sink.open(rows.fields)
    sink.write(rows)
    sink.commit({})
    return file.getvalue().decode().splitlines()


def _text_sink(name: str, target: Target, form: Form, *, terminal: bool) -> Sink:
    """The sink of a format that is alike in files and on stdout. terminal: whether somebody watches."""
    match name:
        case "tsv":
            from streamstat.output.sinks.tsv import TsvSink

            return TsvSink(target, form.offsets, form.header, terminal, form.workers)
        case "json":
            from streamstat.output.sinks.json import JsonSink

            return JsonSink(target, form.offsets, form.workers)
        case "prom":
            from streamstat.output.sinks.prom import PromSink

            return PromSink(target, form.groups, terminal)
    from streamstat.output.sinks.ndjson import NdjsonSink

    return NdjsonSink(target, form.offsets, form.workers)


def column_types(texts: Sequence[str], fields: Sequence[ResultField]) -> dict[str, str]:
    """The types that `--type COLUMN=TYPE` gives to columns whose type depends on the rows.

    >>> column_types(["user=string"], [ResultField("user", ColumnType.ANY)])
    {'user': 'string'}
    """
    types = {}
    open_names = [field.name for field in fields if field.type == ColumnType.ANY]
    for text in texts:
        name, equals, kind = text.rpartition("=")
        if not equals:
            raise UsageError("--type", f"{text!r} names no type", f"for example {text}=string")
        if kind not in TYPES:
            raise UsageError("--type", f"{kind!r} is no type", nearest(kind, tuple(TYPES)))
        if name not in open_names:
            problem = f"{name!r} is no column whose type can be chosen"
            none = "this report has none, so leave it out"
            raise UsageError("--type", problem, nearest(name, tuple(open_names)) if open_names else none)
        types[name] = kind
    return types


def check_names(named: Sequence[tuple[str, str]]) -> None:
    """CannotCreateError for a name that no file can have: too long, or links that lead to each other."""
    for _, name in named:
        with creating(printable(name)), suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            Path(name).stat()


def check_paths(named: Sequence[tuple[str, str]], sources: frozenset[tuple[int, int]]) -> None:
    """No two outputs are one file, and none is an input (device, inode): it would be gone before it is read."""
    seen: set[Path] = set()
    for option, name in named:
        path = Path(name).resolve()
        if name == "-" or (path.exists() and not path.is_file()):
            continue
        if path in seen:
            raise UsageError(option, f"{name} is written twice", "give each output a name of its own")
        seen.add(path)
        if path.exists():
            status = path.stat()
            if (status.st_dev, status.st_ino) in sources:
                raise UsageError(option, f"{name} is an input too", "give the output another name")
