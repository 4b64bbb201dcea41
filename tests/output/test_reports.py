"""A report appears whole or not at all; a stream, a pipe or a device gets its rows as they come."""

import io
import os
import stat
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
from tools.sink_runs import EVERY_SINK, FIELDS, batch, make, names_in, written

from streamstat.output.sinks.csv import CsvSink
from streamstat.output.sinks.files import Report, Stream

if TYPE_CHECKING:
    from typing_extensions import Buffer


@pytest.mark.parametrize("name", EVERY_SINK)
def test_report_appears_whole_when_committed(name: str, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    sink = make(name, Report(path))
    sink.open(FIELDS)
    sink.write(batch("a", "b"))
    assert path.read_text() == "old"
    assert len(names_in(tmp_path)) == 2
    sink.commit({})
    assert names_in(tmp_path) == ["report"]
    assert path.read_bytes()[:3] != b"old"


@pytest.mark.parametrize("name", EVERY_SINK)
def test_discarded_report_leaves_nothing(name: str, tmp_path: Path, small_blocks: None) -> None:
    sink = make(name, Report(tmp_path / "report"))
    sink.discard()
    sink.open(FIELDS)
    sink.write(batch(*range(10)))
    sink.discard()
    sink.discard()
    assert names_in(tmp_path) == []


class Ended(BaseException):
    """A process that is no more."""


def test_signal_at_any_line_leaves_no_file_aside(tmp_path: Path) -> None:
    """Its handler takes the report back and ends the process: what is there then is what stays."""
    lines = 0
    while ended_at(lines, Report(tmp_path / "report")):
        assert names_in(tmp_path) in ([], ["report"])
        (tmp_path / "report").unlink(missing_ok=True)
        lines += 1
    assert lines > 40


def ended_at(at: int, report: Report) -> bool:
    """Open, write, and publish or take back a report, with a signal at its line of that number."""
    passed = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal passed
        if not frame.f_code.co_filename.endswith("sinks/files.py"):
            return None
        passed += event == "line"
        if passed > at:
            sys.settrace(None)
            report.discard()
            raise Ended
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for end in (report.discard, report.publish):
            report.open()
            report.write(b"row\n")
            end()
    except Ended:
        return True
    finally:
        sys.settrace(before)
    return False


def test_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to("data/report")
    for _ in range(2):
        written(CsvSink(Report(tmp_path / "link")), batch("a"))
    assert (tmp_path / "link").readlink() == Path("data/report")
    assert names_in(tmp_path / "data") == ["report"]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_new_report_has_the_mode_of_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        written(CsvSink(Report(tmp_path / "report")), batch("a"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == mode


def test_replaced_report_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "report").touch(0o600)
    written(CsvSink(Report(tmp_path / "report")), batch("a"))
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == 0o600


def test_longest_name_still_has_a_place_aside(tmp_path: Path) -> None:
    written(CsvSink(Report(tmp_path / ("서" * 85))), batch("a"))
    assert names_in(tmp_path) == ["서" * 85]


def test_file_aside_is_hidden_and_unpredictable(tmp_path: Path) -> None:
    reports = [Report(tmp_path / "report") for _ in range(2)]
    for report in reports:
        report.open()
    first, second = names_in(tmp_path)
    assert first != second
    assert first.startswith(".report.")
    for report in reports:
        report.discard()


@pytest.mark.parametrize("name", EVERY_SINK)
def test_device_is_written_directly(name: str) -> None:
    written(make(name, Report("/dev/null")), batch("a"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("name", EVERY_SINK)
def test_fifo_is_written_directly(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "fifo").read_bytes()))
    reader.start()
    written(make(name, Report(tmp_path / "fifo")), batch("a", 1, 2.5))
    reader.join()
    whole = tmp_path / "whole"
    written(make(name, Report(whole)), batch("a", 1, 2.5))
    assert read == [whole.read_bytes()]


def test_descriptor_is_continued_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    report = Report(f"/dev/fd/{descriptor}")
    report.open()
    report.write(b"row\n")
    report.publish()
    os.write(descriptor, b"after\n")
    os.close(descriptor)
    assert path.read_text() == "before\nrow\nafter\n"


def test_stream_writes_each_batch_at_once() -> None:
    ends = os.pipe()
    with open(ends[0], "rb", 0) as reader, open(ends[1], "wb", 0) as writer:  # noqa: PTH123 - descriptors
        sink = CsvSink(Stream(writer))
        sink.open(FIELDS)
        assert reader.read(1000) == b"window_start,key,count,mean,top\n"
        sink.write(batch(5))
        assert reader.read(1000) == b'2026-01-01T00:00:00Z,5,0,,"[[""a"",1,0]]"\n'


def test_stream_that_takes_a_part_gets_the_rest() -> None:
    class Slow(io.RawIOBase):
        taken = b""

        def writable(self) -> bool:
            return True

        def write(self, data: "Buffer") -> int:
            self.taken += bytes(memoryview(data)[:3])
            return min(3, len(memoryview(data)))

    slow = Slow()
    Stream(slow).write(b"0123456789")  # type: ignore[arg-type]
    assert slow.taken == b"0123456789"
