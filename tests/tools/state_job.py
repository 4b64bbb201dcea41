"""A job under `--state` small enough to be run hundreds of times, with every kind of output, and what comes of it."""

import gzip
import json
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet

from streamstat.checkpoints.folder import look
from streamstat.engine.ledger import OF_A_REPORT
from tools.commands import Ended, Forks
from tools.state_reports import CONFIG, ONE, Asked

# How each format writes an event, one that cannot be read, and what stands in front.
SPELLINGS = {
    "ndjson": ('{{"ts": {ts}, "k": "{k}", "v": {v:.3f}}}', '{"ts": 17, broken', ""),
    "json": ('{{\n "ts": {ts},\n "k": "{k}",\n "v": {v:.3f}\n}}', '{"ts": 17, broken', ""),
    "csv": ('{ts},"{k}\n",{v:.3f}', '17,"k"broken,1', "ts,k,v\n"),
}


@dataclass(frozen=True)
class Result:
    """All that a job has written: text files byte for byte, unpacked, the rows of all Parquet parts, rows on stdout.

    ledger: what `--stats` has of each report, where it is asked for.
    """

    texts: dict[str, bytes]
    rows: list[dict[str, Any]]
    printed: list[bytes]
    parts: int = field(default=0, compare=False)  # of the Parquet report
    ledger: dict[str, Any] = field(default_factory=dict)


@dataclass
class Job:
    """Input files in a folder, and the command over them. `stdout` collects what all runs have printed."""

    folder: Path
    forks: Forks
    arguments: list[str]
    printed: list[bytes] = field(default_factory=list)
    state: str = "state"
    reports: str = "."
    asked: Asked = ONE

    def run(self, before: tuple[object, ...] = (), kill_after_s: float | None = None) -> Ended:
        """Once; `before` is called in the process."""
        streams = self.folder / "streams"
        streams.mkdir(exist_ok=True)
        ended = self.forks.run(self.arguments, b"", self.folder, streams, before, kill_after_s)
        self.print(ended.stdout)
        return ended

    def print(self, output: bytes) -> None:
        """Add whole rows to what was printed; a heading is none."""
        lines = output.splitlines(keepends=True)
        heading = self.asked.begins.encode()
        self.printed += [line for line in lines if not line.startswith(heading) and line.endswith(b"\n")]

    def result(self) -> Result:
        """What there is now."""
        reports = self.folder / self.reports
        texts = {name: text_of(reports / name) for name in self.asked.texts if (reports / name).exists()}
        if len(self.asked.inputs) > 1:  # which side is read first is not said
            ordered = {name: sorted(text.splitlines(True)) for name, text in texts.items()}
            texts |= {name: b"".join(ordered[name]) for name in self.asked.lines if name in texts}
        whole = reports / self.asked.parts
        parts = [whole] if whole.is_file() else sorted(whole.glob("part-*.parquet"))
        rows = [row for part in parts for row in pyarrow.parquet.read_table(part).to_pylist()]
        number = self._versions() if self.asked.replaced else len(parts)
        return Result(texts, rows, list(dict.fromkeys(self.printed)), number, self._ledger())

    def _versions(self) -> int:
        """How many there were of a report that is replaced."""
        records = look(self.folder / self.state).outputs
        found = (record["version"] for name, record in records.items() if name.endswith(self.asked.parts))
        return int(next(found))

    def _ledger(self) -> dict[str, Any]:
        """What of the last run's ledger is of the events alone."""
        stats = self.folder / self.asked.stats
        if not stats.is_file():
            return {}
        found = json.loads(stats.read_text())
        shared = {name: found[name] for name in ("lines", "blank", "bad", "no_time", "future")}
        alone = {"": {name: found[name] for name in OF_A_REPORT if name in found}}
        reports = found.get("reports", alone)
        return shared | {name: ledger | {"seconds": 0, "bytes": 0} for name, ledger in reports.items()}

    def forget(self) -> None:
        """Nothing is left but the inputs."""
        self.printed.clear()
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith("in") and path.name != CONFIG:
                path.unlink()

    def hold_back(self, lines: int) -> bytes:
        """Cut the last input to so many lines; what is left for a later run."""
        path = max(self.folder.glob("in*.ndjson"))
        whole = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(whole[:lines]))
        return b"".join(whole[lines:])

    def add(self, data: bytes) -> None:
        """Append to the last input."""
        with max(self.folder.glob("in*.ndjson")).open("ab") as file:
            file.write(data)

    def litter(self) -> list[str]:
        """Files that no reader of the reports and of the state expects."""
        expected = {"lock", "checkpoint", "printed", "writing"}
        # The ledger is of one run and no output of the state: what is killed cannot take it back.
        hidden = [path.name for path in self.folder.rglob(".*") if not path.name.startswith(".stats.")]
        return hidden + [
            path.name for path in (self.folder / self.state).iterdir() if path.name not in expected
        ]


def new_job(
    forks: Forks,
    folder: Path,
    seed: int,
    files: int,
    lines: int,
    *,
    state: str = "state",
    reports: str = ".",
    format: str = "ndjson",
    asked: Asked = ONE,
) -> Job:
    """A job over `files` files, the last one of `lines` lines: groups, disorder, late events, unreadable lines.

    The others are short and left out as idle: no window fires before the last one has begun. `state` and `reports` are
    folders in that of the job.
    """
    random_ = random.Random(seed)
    folder.mkdir(parents=True)
    now = 1_767_225_600
    spelling, broken, heading = SPELLINGS[format]
    files = max(files, len(asked.inputs))
    texts: list[list[str]] = [[] for _ in range(files)]
    for number in range(files):
        sides = texts[number - len(asked.inputs) + 1 : number + 1] if number == files - 1 else [texts[number]]
        for i in range(lines * asked.longer if number == files - 1 else 5):
            text = sides[i % len(sides)]  # each side of a join must come as far
            now += random_.randrange(1, 9)
            if random_.random() < 0.04:
                text.append(broken)
            else:
                ago = random_.choice((0, 0, 3, 7, 200))
                key, value = f"k{random_.randrange(3)}", random_.random()
                text.append(spelling.format(ts=now - ago, k=key, v=value))
    if asked.change:
        texts[-1].insert(lines // 4, asked.change)
    for number, text in enumerate(texts):
        (folder / f"in{number:03}.ndjson").write_text(heading + "\n".join(text) + "\n")
    if asked.configuration:
        (folder / CONFIG).write_text(asked.configuration)
    arguments = [asked.verb, "--state", state, "--idle", "20s", "--threads", "1", "--quiet"]
    arguments += [option.replace("{}", f"{reports}/") for option in asked.options]
    return Job(folder, forks, [*arguments, *asked.inputs], state=state, reports=reports, asked=asked)


def text_of(path: Path) -> bytes:
    """The text of a report; where it ends in one member, another has ended it."""
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def difference(expected: Result, got: Result) -> str | None:
    """The first thing that is not as expected; None: all is."""
    for name, text in expected.texts.items():
        if got.texts.get(name) != text:
            return f"{name}: {len(got.texts.get(name, b''))} bytes of {len(text)}"
    if got.rows != expected.rows:
        return f"Parquet: {len(got.rows)} rows of {len(expected.rows)}"
    if got.printed != expected.printed:
        return f"stdout: {len(got.printed)} rows of {len(expected.printed)}"
    if got.ledger != expected.ledger:
        return f"ledger: {got.ledger} instead of {expected.ledger}"
    return None
