"""UTF-16 logs that grow, and archives among logs: under `--state` and `--follow`."""

import codecs
import gzip
import signal
from pathlib import Path

from tools.commands import Forks
from tools.follower import ended, following, next_line
from tools.packers import tar_of, zip_of

HEADER = b"window_start,window_end,count\n"


def append(path: Path, text: str) -> None:
    with path.open("ab") as file:
        file.write((codecs.BOM_UTF16_LE if file.tell() == 0 else b"") + text.encode("utf-16-le"))


def lines(*times: int) -> str:
    return "".join(f'{{"ts": {ts}, "k": "나라"}}\n' for ts in times)


def run(forks: Forks, folder: Path, *more: str) -> tuple[int, bytes, str]:
    words = ["run", "--state", "st", "--delay", "0s", *more]
    done = forks.run(words, b"", folder, folder)
    return done.code, done.stdout, done.err


def test_a_log_that_grows_is_read_on_from_run_to_run(forks: Forks, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    append(log, lines(0, 10) + lines(70)[:-9])
    assert run(forks, tmp_path, "app.log") == (0, b"", "")
    append(log, lines(70)[-9:] + lines(80, 130))
    assert run(forks, tmp_path, "app.log")[:2] == (
        0,
        HEADER
        + b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,2\n"
        + b"1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,2\n",
    )
    assert run(forks, tmp_path, "app.log") == (0, b"", "")


def test_a_log_that_ends_within_a_character_is_read_on_there(forks: Forks, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    append(log, lines(0))
    rest = lines(70).encode("utf-16-le")
    with log.open("ab") as file:
        file.write(rest[:7])
    assert run(forks, tmp_path, "app.log") == (0, b"", "")
    with log.open("ab") as file:
        file.write(rest[7:])
    assert run(forks, tmp_path, "app.log")[1] == HEADER + b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1\n"


def test_a_log_that_was_rotated_and_compressed_is_known_again(forks: Forks, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    append(log, lines(0, 10))
    run(forks, tmp_path, "app.log")
    append(log, lines(20))
    (tmp_path / "app.log.1.gz").write_bytes(gzip.compress(log.read_bytes()))
    log.unlink()
    append(log, lines(70))
    assert run(forks, tmp_path, "app.log")[:2] == (
        0,
        HEADER + b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,3\n",
    )


def test_a_log_that_is_followed_gives_rows_as_it_grows(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    append(log, lines(0, 5) + lines(70)[:5])
    with following(tmp_path, "--delay", "0s", "app.log") as process:
        append(log, lines(70)[5:])
        assert next_line(process) == HEADER
        assert next_line(process) == b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,2\n"
        append(log, lines(80, 130))
        assert next_line(process) == b"1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,2\n"
        assert ended(process, signal.SIGTERM)[0] == 143


def test_archives_are_left_aside_and_told_by_each_run(forks: Forks, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(lines(0))
    (tmp_path / "b.log").write_bytes(zip_of(lines(1).encode()))
    (tmp_path / "c.log").write_bytes(gzip.compress(tar_of(lines(2).encode())))
    told = (
        "streamstat: b.log: is a ZIP archive, and left aside; unzip b.log unpacks it\n"
        "streamstat: c.log: is a tar archive, and left aside; tar -xf c.log unpacks it\n"
    )
    assert run(forks, tmp_path, "*.log") == (0, b"", told)
    (tmp_path / "a.log").open("a").write(lines(70))
    row = b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1\n"
    assert run(forks, tmp_path, "*.log") == (0, HEADER + row, told)


def test_a_file_that_becomes_an_archive_while_logs_are_followed_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(lines(0))
    (tmp_path / "b.log").touch()
    with following(tmp_path, "--delay", "0s", "*.log") as process:
        assert next_line(process) == HEADER
        (tmp_path / "b.log").write_bytes(zip_of(b"x") + lines(200).encode())
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"streamstat: b.log: is a ZIP archive, ")
        (tmp_path / "a.log").open("a").write(lines(70))
        assert next_line(process) == b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1\n"
        assert ended(process, signal.SIGTERM)[:2] == (143, b"1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,1\n")


def test_an_archive_that_comes_while_logs_are_followed_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(lines(0))
    with following(tmp_path, "--delay", "0s", "*.log") as process:
        assert next_line(process) == HEADER
        (tmp_path / "b.new").write_bytes(zip_of(lines(200).encode()))
        (tmp_path / "b.new").rename(tmp_path / "b.log")
        assert process.stderr is not None
        told = b"streamstat: b.log: is a ZIP archive, and left aside; unzip b.log unpacks it\n"
        assert process.stderr.readline() == told
        (tmp_path / "a.log").open("a").write(lines(70))
        assert next_line(process) == b"1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1\n"
        assert ended(process, signal.SIGTERM)[0] == 143
