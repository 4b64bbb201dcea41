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
}
NEVER_PACKED = {
    ".parquet": "would be compressed twice, as Parquet is inside",
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
    hint = (
        f"end it in {' '.join(SUFFIXES)}"
        if packing is None
        else f"name both, as in {Path(path).stem}.csv{name.suffix}"
    )
    raise UsageError("--output", f"{path!r} does not say its format", hint)


def is_file(path: str) -> bool:
    """Not a device or FIFO, whose writes may wait for ever."""
    return Path(path).is_file() or not Path(path).exists()
