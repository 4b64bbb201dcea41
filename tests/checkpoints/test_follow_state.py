"""`--follow` under `--state`: rotated, killed, interrupted, the runs give together what one undisturbed run gives."""

import random
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import pytest
from tools.commands import Forks
from tools.follower import ended, following, next_line

JOB = (
    "--state",
    "state",
    "-b",
    "k",
    "-a",
    "count()",
    "-a",
    "sum(v)",
    "-a",
    "p90(v)",
    "--bad-file",
    "bad.txt",
)
REPORTS = ("-o", "report.csv", "-o", "report.ndjson")
FOLLOW = (*JOB, *REPORTS, "-o", "-", "--commit-every", "1ms", "app.log")
DELAY_S = 10


@dataclass
class Writer:
    """Whoever writes the log: `data` a piece at a time, cut anywhere, while the log is rotated by renames."""

    folder: Path
    data: bytes
    done: int = 0
    rotated: int = 0
    log: BinaryIO = field(init=False)

    def __post_init__(self) -> None:
        self.log = self._new()

    def _new(self) -> BinaryIO:
        return (self.folder / "app.log").open("xb", buffering=0)

    def write(self, until: int) -> None:
        """All bytes up to there."""
        self.log.write(self.data[self.done : until])
        self.done = until

    def rotate(self, more: int) -> None:
        """`app.log` becomes `app.log.1`; to that go `more` bytes and the line they end in, then comes a new file."""
        for number in range(self.rotated, 0, -1):
            (self.folder / f"app.log.{number}").rename(self.folder / f"app.log.{number + 1}")
        (self.folder / "app.log").rename(self.folder / "app.log.1")
        self.rotated += 1
        self.write(self.data.index(b"\n", self.done + more) + 1)
        self.log.close()
        self.log = self._new()

    @property
    def fired(self) -> bytes:
        """The end of a window that has fired once all whole lines are taken in."""
        lines = self.data[: self.done].splitlines(keepends=True)
        newest = max(_time_of(line) for line in lines if line.endswith(b"}\n"))
        seconds = (newest - DELAY_S) // 60 * 60
        return b"1970-01-01T%02d:%02d:00Z" % (seconds // 3600, seconds // 60 % 60)


def _time_of(line: bytes) -> int:
    return int(line.removeprefix(b'{"ts": ').partition(b",")[0])


def stream(seed: int, n: int) -> bytes:
    """Lines of which a few are unreadable, out of order by less than the delay, with an event in every minute."""
    random_, now, lines = random.Random(seed), 0, []
    for _ in range(n):
        now += random_.randrange(1, 9)
        ago, k, v = random_.choice((0, 0, 3, 7)), random_.randrange(3), random_.random()
        lines.append(f'{{"ts": {max(now - ago, 0)}, "k": "k{k}", "v": {v:.3f}}}')
        if random_.random() < 0.03:
            lines.append(f'{{"ts": {now}, broken')
    return "\n".join(lines).encode() + b"\n"


def rows_until(process: "subprocess.Popen[bytes]", end: bytes) -> Iterator[bytes]:
    """The rows that come on stdout, up to the first one of a window with this end."""
    while True:
        line = next_line(process)
        assert line.endswith(b"\n")
        if not line.startswith(b"window_start"):
            yield line
            if line.split(b",")[1] >= end:
                return


def undisturbed(forks: Forks, folder: Path, data: bytes) -> Path:
    """The folder of one run over all lines in one file."""
    (folder / "streams").mkdir(parents=True)
    (folder / "app.log").write_bytes(data)
    run_on(forks, folder)
    return folder


def run_on(forks: Forks, folder: Path, *options: str) -> None:
    arguments = ["run", "-t", "ts", "--time-unit", "s", *JOB, *REPORTS, "-o", "-", "app.log", *options]
    done = forks.run(arguments, b"", folder, folder / "streams")
    assert done.code == 0 and exact(done.stderr)


def exact(said: bytes) -> bool:
    """Whether nothing was lost but unreadable lines."""
    return all(b" bad, first " in line or b": also bad: " in line for line in said.splitlines())


def same(expected: Path, got: Path) -> bool:
    names = ("report.csv", "report.ndjson", "bad.txt")
    return all((expected / name).read_bytes() == (got / name).read_bytes() for name in names)


@pytest.mark.parametrize("seed", range(4))
def test_rotated_killed_and_interrupted_it_gives_what_one_run_gives(
    forks: Forks, tmp_path: Path, seed: int
) -> None:
    data = stream(seed, 900)
    expected = undisturbed(forks, tmp_path / "expected", data)
    folder = tmp_path / "followed"
    (folder / "streams").mkdir(parents=True)
    writer, random_ = Writer(folder, data), random.Random(seed)
    rows: list[bytes] = []
    cuts = sorted(random_.sample(range(2000, len(data) - 2000), 6))

    writer.write(cuts[0])
    with following(folder, *FOLLOW) as process:
        rows += rows_until(process, writer.fired)
        writer.write(cuts[1])
        writer.rotate(random_.randrange(1000))
        writer.write(max(cuts[2], writer.done))
        rows += rows_until(process, writer.fired)
        writer.write(max(cuts[3], writer.done) + 1500)
        rows.append(next_line(process))
        code, out, _ = ended(process, signal.SIGKILL)
        assert code == -signal.SIGKILL
        rows += [line for line in out.splitlines(keepends=True) if line.endswith(b"\n")]
    writer.rotate(random_.randrange(1000))
    with following(folder, *FOLLOW) as process:
        writer.write(max(cuts[4], writer.done))
        rows += rows_until(process, writer.fired)
        code, out, err = ended(process, signal.SIGINT)
        assert code == 130 and exact(err)
        rows += out.splitlines(keepends=True)
    writer.rotate(0)
    with following(folder, *FOLLOW) as process:
        writer.write(len(data))
        rows += rows_until(process, writer.fired)
        code, out, err = ended(process, signal.SIGTERM)
        assert code == 143 and exact(err)
        rows += out.splitlines(keepends=True)

    assert same(expected, folder)
    report = (expected / "report.csv").read_bytes().splitlines(keepends=True)
    assert len(report) > 150
    assert list(dict.fromkeys(rows)) == report[1:]
    for each in (expected, folder):
        run_on(forks, each, "--flush")
    assert same(expected, folder)
    assert len((expected / "report.csv").read_bytes().splitlines()) > len(report)
