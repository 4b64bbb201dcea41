"""A log that is rotated again and again while it is followed: exact, or it is said that something could not be seen."""

import signal
from pathlib import Path

import pytest
from tools.follower import ended, following, next_line

ROTATIONS, LINES = 200, 20


def storm(folder: Path, kept: int) -> int:
    """Rotate as fast as files can be renamed; the last so many are kept. How many lines were written."""
    names = ["app.log", *(f"app.log.{number}" for number in range(1, kept + 1))]
    written = 0
    for _ in range(ROTATIONS):
        for old, new in zip(reversed(names[:-1]), reversed(names[1:]), strict=True):
            if (folder / old).exists():
                (folder / old).rename(folder / new)
        lines = (b'{"ts": %d}\n' % (7200 + number % 3000) for number in range(written, written + LINES))
        (folder / "app.log").write_bytes(b"".join(lines))
        written += LINES
    return written


@pytest.mark.parametrize("arguments", [["app.log"], ["app.log*"]], ids=["named", "glob"])
@pytest.mark.parametrize("kept", [ROTATIONS, 5])
def test_a_storm_of_rotations(tmp_path: Path, arguments: list[str], kept: int) -> None:
    (tmp_path / "app.log").write_bytes(b'{"ts": 0}\n{"ts": 7200}\n')
    with following(tmp_path, "-w", "tumbling:1h", "--delay", "1m", *arguments) as process:
        assert next_line(process) == b"window_start,window_end,count\n"
        assert next_line(process) == b"1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,1\n"  # it has looked
        written = 1 + storm(tmp_path, kept)
        with (tmp_path / "app.log").open("ab") as file:
            file.write(b'{"ts": 14400}\n')
        row = next_line(process)
        code, _, said = ended(process, signal.SIGTERM)
    assert (code, row.rpartition(b",")[0]) == (143, b"1970-01-01T02:00:00Z,1970-01-01T03:00:00Z")
    counted = int(row.rpartition(b",")[2])
    if kept == ROTATIONS:
        assert (counted, said) == (written, b"")
    else:
        assert counted <= written
        assert counted == written or b"unread" in said or b"not read" in said
