"""`view` while its input is open: each change as it is applied, and reports that are replaced."""

import signal
import time
from pathlib import Path

from tools.commands import TIMEOUT_S
from tools.follower import ended, following, next_line


def line(second: int, key: int, city: str) -> bytes:
    return b'{"ts": %d, "id": %d, "city": "%s"}\n' % (second, key, city.encode())


def row(second: int, kind: str, key: int, city: str) -> bytes:
    return b"1970-01-01T00:00:%02dZ,%s,%d,%s\n" % (second, kind.encode(), key, city.encode())


OPTIONS = ("--key", "id", "-s", "city=city")
HEADING = b"time,kind,id,city\n"


def soon(path: Path, text: str) -> bool:
    """Whether a report has this text before long."""
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        if path.exists() and path.read_text() == text:
            return True
        time.sleep(0.02)
    return False


def test_each_change_is_told_while_the_input_is_open(tmp_path: Path) -> None:
    with following(tmp_path, *OPTIONS, "--changelog", verb="view") as process:
        assert process.stdin is not None
        process.stdin.write(line(5, 1, "Oslo") + line(4, 2, "Moss"))
        rows = [HEADING, row(5, "insert", 1, "Oslo"), row(4, "insert", 2, "Moss")]
        assert [next_line(process) for _ in rows] == rows
        process.stdin.write(line(3, 1, "Bergen"))
        assert next_line(process) == row(3, "update", 1, "Bergen")
        out, err = process.communicate(timeout=TIMEOUT_S)
        assert (process.returncode, out, err) == (0, b"", b"")


def test_a_report_is_replaced_while_the_input_is_open(tmp_path: Path) -> None:
    report = tmp_path / "view.csv"
    told = (*OPTIONS, "--commit-every", "10ms", "-o", "view.csv")
    with following(tmp_path, *told, verb="view") as process:
        assert process.stdin is not None
        process.stdin.write(line(5, 1, "Oslo"))
        assert soon(report, "id,city,changed\n1,Oslo,1970-01-01T00:00:05Z\n")
        process.stdin.write(line(6, 1, "Bergen"))
        assert soon(report, "id,city,changed\n1,Bergen,1970-01-01T00:00:06Z\n")
        assert ended(process, signal.SIGTERM) == (143, b"", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["view.csv"]


def test_stdout_gets_the_view_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "log.ndjson").write_bytes(line(5, 1, "Oslo") + line(6, 1, "Bergen"))
    with following(
        tmp_path, *OPTIONS, "-o", "view.csv", "-o", "-", "--commit-every", "10ms", "log.ndjson", verb="view"
    ) as process:
        assert soon(tmp_path / "view.csv", "id,city,changed\n1,Bergen,1970-01-01T00:00:06Z\n")
        code, out, err = ended(process, signal.SIGTERM)
        assert (code, out, err) == (143, b"id,city,changed\n1,Bergen,1970-01-01T00:00:06Z\n", b"")
