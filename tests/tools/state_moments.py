"""What holds of the outputs of a job at any moment, also between two runs of which the first was killed."""

import csv
import io
import zlib
from collections.abc import Iterator
from datetime import datetime

import pyarrow.parquet

from streamstat.checkpoints.folder import look
from streamstat.common.errors import MissingInputError
from tools.prom_reader import Labels, read_prom
from tools.state_job import Job, Result, text_of


def wrong_now(job: Job, expected: Result) -> str | None:
    """What cannot be, whatever is still to come; `expected` is what there is at the end. None: nothing."""
    if job.asked.replaced:
        return _wrong_versions(job)
    return _wrong_metrics(job, expected) or _wrong_members(job, expected)


def _wrong_versions(job: Job) -> str | None:
    """All reports that are replaced are whole, whichever version each is."""
    folder = job.folder / job.reports
    for name in (job.asked.exact, job.asked.packed):
        if (folder / name).exists():
            text = text_of(folder / name)
            if not text.endswith(b"\n"):
                return f"{name}: ends within a line"
    if (folder / job.asked.parts).exists():
        pyarrow.parquet.read_table(folder / job.asked.parts)
    return None


def _wrong_metrics(job: Job, expected: Result) -> str | None:
    """The metrics are those of one window, all of it."""
    path = job.folder / job.reports / job.asked.metrics
    if not job.asked.metrics or not path.exists():
        return None
    try:
        gauges = read_prom(path.read_text())
    except ValueError as error:
        return f"{path.name}: {error}"
    ends = gauges.pop("streamstat_window_end_seconds").samples[()]
    wanted = dict(_samples(expected.texts[job.asked.exact].decode(), int(ends)))
    found = {gauge.name: gauge.samples for gauge in gauges.values()}
    return None if wanted and found == wanted else f"{path.name}: {found} instead of {wanted}"


def _samples(report: str, end_seconds: int) -> Iterator[tuple[str, dict[Labels, float]]]:
    """By metric, what the rows of a window say in CSV."""
    table = csv.DictReader(io.StringIO(report, newline=""))  # there are newlines in keys
    rows = [row for row in table if _seconds(row) == end_seconds]
    truths = {"true": 1.0, "false": 0.0}
    for column in list(table.fieldnames or ())[3:]:  # behind the window and its key
        cells = {(("k", row["k"]),): row[column] for row in rows}
        yield (
            f"streamstat_{column}",
            {k: truths[each] if each in truths else float(each) for k, each in cells.items()},
        )


def _seconds(row: dict[str, str]) -> float:
    return datetime.fromisoformat(row["window_end"]).timestamp()


def _wrong_members(job: Job, expected: Result) -> str | None:
    """What is committed of a compressed report are whole members, which hold what it begins with."""
    try:
        records = look(job.folder / job.state).outputs
    except MissingInputError:
        return None
    packed = job.asked.packed
    length = next(record["length"] for name, record in records.items() if name.endswith(packed))
    paths = [path for path in (job.folder / job.reports).iterdir() if packed in path.name]
    if length is None or not paths:
        return None
    left, text = paths[0].read_bytes()[:length], b""
    while left:
        member = zlib.decompressobj(31)
        text += member.decompress(left)
        if not member.eof:
            return f"{packed}: byte {length} is in the middle of a member"
        left = member.unused_data
    return None if expected.texts[packed].startswith(text) else f"{packed}: is another"
