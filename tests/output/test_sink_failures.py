"""What is said, and what is left, when rows cannot be written."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tools.result_rows import values
from tools.sink_runs import EVERY_SINK, FIELDS, batch, make, names_in, written

from streamstat.common.errors import CannotCreateError, ExitCode, ReadWriteError
from streamstat.output.sinks.csv import CsvSink
from streamstat.output.sinks.files import Report, Stream
from streamstat.output.sinks.parquet import ParquetSink
from streamstat.values.columns import ColumnType, ResultField, Rows


@pytest.fixture
def files_of_at_most_100_kb() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", EVERY_SINK)
def test_missing_directory_is_exit_73_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "no\nsuch" / "report"
    with pytest.raises(CannotCreateError) as failure:
        make(name, Report(path)).open(FIELDS)
    assert failure.value.exit_code == 73
    assert str(failure.value).removeprefix(str(tmp_path)) == (
        "/no\\x0asuch/report: no such file or directory; create the directory first, or name another"
    )


def test_directory_in_place_of_a_file_is_exit_73(tmp_path: Path) -> None:
    with pytest.raises(CannotCreateError, match="is a directory; name a file in it, for example"):
        Report(tmp_path).open()
    with pytest.raises(CannotCreateError, match="not a directory"):
        (tmp_path / "file").touch()
        Report(tmp_path / "file" / "report").open()


@pytest.mark.parametrize("name", EVERY_SINK)
def test_full_device_is_exit_74(name: str) -> None:
    sink = make(name, Report("/dev/full"))
    with pytest.raises(ReadWriteError) as failure:
        written(sink, batch("a"))
    sink.discard()
    assert failure.value.exit_code == ExitCode.INPUT_OUTPUT
    assert str(failure.value) == "/dev/full: no space left on device; free some room, or name another place"


@pytest.mark.parametrize("name", EVERY_SINK)
def test_write_that_fails_half_way_leaves_no_file(
    name: str, tmp_path: Path, files_of_at_most_100_kb: None, small_blocks: None
) -> None:
    sink = make(name, Report(tmp_path / "report"))
    noise = [np.random.default_rng(i).bytes(3_000).hex() for i in range(1_000)]  # a table cuts them
    with pytest.raises(ReadWriteError, match="report: file too large"):
        written(sink, batch(*noise))
    sink.discard()
    assert names_in(tmp_path) == []


def test_waiting_rows_that_find_no_room_are_exit_74(
    tmp_path: Path, files_of_at_most_100_kb: None, small_blocks: None
) -> None:
    fields = (ResultField("n", ColumnType.ANY), ResultField("state", ColumnType.BINARY))
    noise = [np.random.default_rng(i).bytes(3_000).hex() for i in range(100)]
    sink = ParquetSink(Report(tmp_path / "report"))
    sink.open(fields)
    with pytest.raises(ReadWriteError, match="report: file too large"):
        sink.write(Rows(fields, (values(*range(100)), values(*noise))))
    sink.discard()
    assert names_in(tmp_path) == []


def test_failing_rename_is_exit_74_and_leaves_nothing(tmp_path: Path) -> None:
    report = Report(tmp_path / "report")
    report.open()
    (tmp_path / "report").mkdir()
    with pytest.raises(ReadWriteError, match="report: is a directory"):
        report.publish()
    assert names_in(tmp_path) == ["report"]


def test_closed_pipe_is_told_as_it_is() -> None:
    ends = os.pipe()
    os.close(ends[0])
    with open(ends[1], "wb", 0) as writer, pytest.raises(BrokenPipeError):  # noqa: PTH123 - a descriptor
        CsvSink(Stream(writer)).open(FIELDS)


def test_full_stream_is_exit_74() -> None:
    said = "stdout: no space left on device; free some room"
    with Path("/dev/full").open("wb", 0) as full, pytest.raises(ReadWriteError, match=said):
        CsvSink(Stream(full)).open(FIELDS)
