"""The command over inputs that end too early, and lines that are no text or far too long."""

import gzip
import io
from pathlib import Path

import pytest
from tools.commands import Forks, run
from tools.minute_rows import LINES


def test_truncated_gzip_counts_its_complete_lines(tmp_path: Path) -> None:
    lines = b"".join(b'{"ts": %d, "v": "%d"}\n' % (i, i * i) for i in range(1000))
    path = tmp_path / "cut.gz"
    packed = gzip.compress(lines)
    path.write_bytes(packed[: len(packed) // 2])
    report = tmp_path / "r.csv"
    ended = run(["run", "-w", "all", str(path), "-o", str(report), "-o", "-"])
    assert ended.code == 74
    assert ended.err.startswith(f"streamstat: {path}: ") and ended.err.count("\n") == 1
    counted = int(ended.out.splitlines()[1].split(",")[2])
    partial = gzip.GzipFile(fileobj=io.BytesIO(path.read_bytes()))
    whole_lines = 0
    with pytest.raises(EOFError):
        while partial.read1(1):
            whole_lines = max(whole_lines, lines[: partial.tell()].count(b"\n"))
    assert counted == whole_lines > 100
    assert report.read_text() == ended.out


def test_file_after_a_truncated_one_is_read(tmp_path: Path) -> None:
    cut, whole = tmp_path / "cut.gz", tmp_path / "whole.ndjson"
    cut.write_bytes(gzip.compress(LINES)[:-4])
    whole.write_bytes(LINES)
    ended = run(["run", "-w", "all", str(cut), str(whole)])
    assert (ended.code, ended.out.splitlines()[1].split(",")[2]) == (74, "4")


def test_lost_lines_are_kept_byte_for_byte_each_with_a_newline(forks: Forks, tmp_path: Path) -> None:
    late = b'{"ts":5,"k":"\\ud800"} \t\r\n'
    bad = [b"\xff\xfe\n", b'{"k": "\xc3"}\r\n', b"[\x00\n", b'{"ts": 9\xa0}']
    data = b'{"ts": 1}\n{"ts": 100}\n' + late + b"".join(bad)
    arguments = ["run", "--delay", "0s", "--late-file", "late", "--bad-file", "bad", "--lost-file", "lost"]
    streams = tmp_path / "streams"
    streams.mkdir()
    ended = forks.run(arguments, data, tmp_path, streams)
    assert ended.code == 0
    assert (tmp_path / "late").read_bytes() == late
    assert (tmp_path / "bad").read_bytes() == b"".join(bad) + b"\n"
    assert (tmp_path / "lost").read_bytes() == late + b"".join(bad) + b"\n"
    assert ended.err == (
        "streamstat: lost of 7 lines: 4 bad, first -:4:1: expected a value\n"
        "streamstat: also bad: -:5:8: not UTF-8\n"
        "streamstat: also bad: -:6:2: expected a value\n"
        "streamstat: lost of 7 lines: 1 late, first -:3\n"
    )


def test_line_that_is_too_long_is_kept_whole(forks: Forks, tmp_path: Path) -> None:
    long = b'{"ts": 1, "a": "' + b"x" * (17 << 20) + b'"}\n'
    streams = tmp_path / "streams"
    streams.mkdir()
    arguments = ["run", "--bad-file", "bad", "--lost-file", "lost"]
    ended = forks.run(arguments, LINES + long + LINES, tmp_path, streams)
    assert [row[-1] for row in ended.out.splitlines()[1:]] == ["2", "2"]
    assert "-:3: longer than 16 MiB" in ended.err
    assert (tmp_path / "bad").read_bytes() == (tmp_path / "lost").read_bytes() == long
