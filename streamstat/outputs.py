"""Which sinks a run writes to: stdout, and report files by their suffix."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import get_terminal_size

from streamstat.errors import CannotCreateError, UsageError
from streamstat.registry import nearest
from streamstat.sinks import Sink
from streamstat.sinks.files import Report, Stream
from streamstat.workers import ALONE, Workers
from streamstat.zones import Zone

FORMATS = ("table", "csv", "ndjson")
SUFFIXES = {".csv": "csv", ".parquet": "parquet", ".ndjson": "ndjson", ".jsonl": "ndjson"}


@dataclass(frozen=True, slots=True)
class Outputs:
    """changelog: sinks on stdout; reports: sinks of files, which get each window once."""

    changelog: tuple[Sink, ...]
    reports: tuple[Sink, ...]

    @property
    def sinks(self) -> tuple[Sink, ...]:
        return self.changelog + self.reports


def outputs(
    paths: Sequence[str], stdout_format: str | None, zone: Zone, csv_raw: bool, workers: Workers = ALONE
) -> Outputs:
    """The sinks for `--output`, `--format`; no path means stdout."""
    if stdout_format is not None and stdout_format not in FORMATS:
        raise UsageError("--format", f"{stdout_format!r} is no format", nearest(stdout_format, FORMATS))
    files = [path for path in paths if path != "-"]
    reports = tuple(report(path, zone, csv_raw, workers) for path in files)
    return Outputs((stream(stdout_format, zone, workers),) if not paths or "-" in paths else (), reports)


def report(path: str, zone: Zone, csv_raw: bool, workers: Workers) -> Sink:
    """The sink for a report file."""
    kind = SUFFIXES.get(Path(path).suffix.lower())
    if kind is None:
        if Path(path).exists() and not Path(path).is_file():
            kind = "csv"  # a device or FIFO has no suffix
        else:
            known = ", ".join(SUFFIXES)
            raise UsageError(
                "--output", f"{path!r} does not say its format", f"end its name in one of {known}"
            )
    if not Path(path).parent.is_dir():
        raise CannotCreateError(path, "no such directory", f"mkdir -p {Path(path).parent}")
    offsets = None if zone.name == "UTC" else zone.offsets
    if kind == "parquet":
        from streamstat.sinks.parquet import ParquetSink

        return ParquetSink(Report(path), zone.name)
    if kind == "ndjson":
        from streamstat.sinks.ndjson import NdjsonSink

        return NdjsonSink(Report(path), offsets, workers)
    from streamstat.sinks.csv import CsvSink

    return CsvSink(Report(path), offsets, formula_guard=not csv_raw, workers=workers)


def stream(stdout_format: str | None, zone: Zone, workers: Workers) -> Sink:
    """The sink for stdout."""
    terminal = sys.stdout.isatty()
    target = Stream(sys.stdout.buffer)
    offsets = None if zone.name == "UTC" else zone.offsets
    name = stdout_format or ("table" if terminal else "csv")
    if name == "table":
        from streamstat.sinks.table import TableSink

        return TableSink(target, offsets, get_terminal_size().columns if terminal else None, colour=terminal)
    if name == "ndjson":
        from streamstat.sinks.ndjson import NdjsonSink

        return NdjsonSink(target, offsets, workers)
    from streamstat.sinks.csv import CsvSink

    return CsvSink(target, offsets, terminal=terminal)


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
