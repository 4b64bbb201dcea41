"""`streamstat chart`: saved reports, drawn."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from streamstat.common.errors import UsageError
from streamstat.output.drawing import Drawing, drawn
from streamstat.output.outputs import check_charts, check_names, check_paths
from streamstat.output.packing import Members, PackedTarget
from streamstat.output.saved.reading import SavedRows, read_reports
from streamstat.output.sinks.files import Report, Target
from streamstat.output.suffixes import DRAWN, FileKind, kind_of


def draw_reports(
    reports: Sequence[str], paths: Sequence[str], chart: str | None, words: Sequence[str]
) -> None:
    """Read reports and write what is drawn of them; nothing is written where something cannot be.

    words: the command line, which a page has on it unless the report tells the one that it was made by.
    """
    if not paths:
        raise UsageError("--output", "is missing", "for example -o report.html")
    kinds = [_kind(path) for path in paths]
    check_names([("--output", path) for path in paths])
    check_charts(paths, chart)
    check_paths([("--output", path) for path in paths], _identities(reports))
    saved = read_reports(reports)
    for path, kind in zip(paths, kinds, strict=True):
        _write(path, kind, chart, saved, words)


def _kind(path: str) -> FileKind:
    kind = None if path == "-" else kind_of(path)
    if kind is None or kind.format not in DRAWN:
        raise UsageError("--output", f"{path!r} is nothing that is drawn", "end it in .html, .svg or .png")
    return kind


def _identities(reports: Sequence[str]) -> frozenset[tuple[int, int]]:
    """The files that are read, as outputs must not be among them."""
    found = (Path(name).stat() for name in reports if name != "-" and Path(name).is_file())
    return frozenset((status.st_dev, status.st_ino) for status in found)


def _write(path: str, kind: FileKind, chart: str | None, saved: SavedRows, words: Sequence[str]) -> None:
    file = Report(path)
    target: Target = file if kind.packing is None else PackedTarget(file, Members(kind.packing))
    metadata = {"streamstat.command": shlex.join(["streamstat", *words]), **saved.metadata}
    target.open()
    try:
        drawing = Drawing(kind.format, chart)
        target.write(drawn(Path(path), drawing, saved.rows, saved.clocks, metadata))
        target.publish()
    except BaseException:
        target.discard()
        raise
