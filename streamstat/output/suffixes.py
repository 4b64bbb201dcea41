"""What the name of a report file says: its format, and how it is compressed. Knows no sink."""

from pathlib import Path

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.output.packing import PACKINGS, Packing

SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "json",
    ".prom": "prom",
    ".html": "html",
    ".svg": "svg",
    ".png": "png",
}
DRAWN = ("html", "svg", "png")
NEVER_PACKED = {
    ".parquet": "would be compressed twice, as Parquet is inside",
    ".png": "would be compressed twice, as a PNG is inside",
    ".prom": "could not be read, as a node exporter takes plain text only",
}


@record
class FileKind:
    """What a file is written as. packing: how it is compressed; None: it is not."""

    format: str
    packing: Packing | None = None


def kind_of(path: str) -> FileKind:
    """What a file name says; UsageError if it says nothing that can be.

    >>> kind_of("report.csv").format, kind_of("REPORT.NDJSON.GZ").packing.name
    ('csv', 'gzip')
    """
    if not path:
        raise UsageError("--output", "'' names no file", "for example report.csv, or - for stdout")
    name = Path(path.lower())
    packing = PACKINGS.get(name.suffix)
    inner = name.suffix if packing is None else Path(name.stem).suffix
    if inner in SUFFIXES:
        if packing is not None and inner in NEVER_PACKED:
            hint = f"end its name in {inner}"
            raise UsageError("--output", f"{path!r} {NEVER_PACKED[inner]}", hint)
        return FileKind(SUFFIXES[inner], packing)
    if not is_file(path):
        return FileKind("csv")  # a device or FIFO has no suffix
    raise UsageError("--output", f"{path!r} does not say its format", _hint_for(Path(path)))


def _hint_for(path: Path) -> str:
    """How a file is named whose name says no format."""
    suffix, inner = path.suffix.lower(), Path(path.stem).suffix.lower()
    if suffix in PACKINGS:
        return f"name both, as in {path.stem}.csv{suffix}"
    if inner in SUFFIXES:  # compressed in a way that there is not
        packed = "" if inner in NEVER_PACKED else f", or compressed with {' '.join(PACKINGS)} behind that"
        return f"name it {path.stem}{packed}"
    return f"end it in {' '.join(SUFFIXES)}"


def is_file(path: str) -> bool:
    """Not a device or FIFO, whose writes may wait for ever."""
    return Path(path).is_file() or not Path(path).exists()
