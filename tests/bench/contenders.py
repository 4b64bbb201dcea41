"""Who does which job, by which command, in a process of its own; and what that took."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from data import HERE, in_format, uncompressed
from queries import MILLER
from written import FORMATS as WRITTEN

MAIN = (
    "count() distinct(device_id) p50(latency_ms) p95(latency_ms) p99(latency_ms) sum(bytes) max(latency_ms)"
)
TIMES = "--time occurred_at --sent sent_at --received received_at --delay 1m"
ACCESS = "count() distinct(host) p50(bytes) p95(bytes) p99(bytes) sum(bytes) max(bytes)"
PEERS = {"Polars": "polars", "ClickHouse": "chdb"}  # and the module that each is
DURABLE = "with --state"


@dataclass(frozen=True)
class Job:
    """A row group of the table. data: which file; peer: the name of its query; durable: also under `--state`."""

    name: str
    data: str
    window: str
    by: str
    calls: str
    peer: str | None
    threads: int = 2
    others: bool = False  # all tools, or DuckDB alone
    durable: bool = False


JOBS = [
    Job("tumbling 1m by country", "events", "tumbling:1m", "country", MAIN, "tumbling", others=True),
    Job("the same, one core", "events", "tumbling:1m", "country", MAIN, "tumbling", threads=1),
    Job("the same, gzip", "events.gz", "tumbling:1m", "country", MAIN, "tumbling"),
    Job("the same, durable", "events", "tumbling:1m", "country", MAIN, None, durable=True),
    Job("hopping 1h/1m by country", "events", "hopping:1h/1m", "country", MAIN, "hopping"),
    Job(
        "sessions 30s by device", "visits", "session:30s", "device_id", "count() p99(latency_ms)", "sessions"
    ),
    Job(
        "sliding 5m by country",
        "visits",
        "sliding:5m",
        "country",
        "count() mean(latency_ms) max(latency_ms)",
        "sliding",
    ),
    Job(
        "and p99, distinct",
        "visits",
        "sliding:5m",
        "country",
        "count() mean(latency_ms) max(latency_ms) p99(latency_ms) distinct(device_id)",
        None,
    ),
    Job("csv, tumbling 1m by country", "events.csv", "tumbling:1m", "country", MAIN, "tumbling", others=True),
    Job(
        "access log, tumbling 1m by path",
        "events.combined",
        "tumbling:1m",
        "path",
        ACCESS,
        "access",
        others=True,
    ),
    Job(
        "tumbling 1m by device",
        "events",
        "tumbling:1m",
        "device_id",
        "count() distinct(path) p99(latency_ms)",
        "keys",
    ),
]


@dataclass
class Contender:
    """One row of the table: who does which job, by which command, on how many cores; and what was measured.

    begins_without: what a run before this one may have left, and would go on from.
    """

    job: str
    tool: str
    command: list[str]
    cores: int
    events: int
    bytes: int
    begins_without: tuple[Path, ...] = ()
    seconds: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Once more, in a process of its own; what it prints, if anything, is its own measurement."""
        cores = sorted(os.sched_getaffinity(0))[: self.cores]
        for path in self.begins_without:
            remove(path)
        began = time.perf_counter()
        process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
        )
        assert process.stdout is not None
        told = (
            process.stdout.read().split() if self.job.startswith("decode") else process.stdout.read() and []
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        if status != 0:
            sys.exit(f"{self.tool} failed: {' '.join(self.command)}")
        if told:
            seconds, self.events, self.bytes = float(told[0]), int(told[1]), int(told[2])
        self.seconds.append(seconds)
        self.peak_mb.append(usage.ru_maxrss / 1024)


def contenders(job: Job, path: Path, events: int) -> list[Contender]:
    """streamstat, then it under a new state, or the peers that are installed, on one job."""
    measured = [sys.executable, str(HERE / "measured.py")]
    command = [str(Path(sys.executable).parent / "streamstat"), "run", str(path), "--quiet"]
    command += ["--delay", "1m"] if path.suffix == ".combined" else TIMES.split()
    command += ["--window", job.window, "--by", job.by, "--threads", str(job.threads)]
    command += [part for call in job.calls.split() for part in ("--agg", call)]
    found = {"streamstat": [*command, "--output", str(rows_of(path, "streamstat"))]}
    kept = (Path(f"{path}.state"), rows_of(path, DURABLE))
    if job.durable:
        found[DURABLE] = [*command, "--output", str(kept[1]), "--state", str(kept[0]), "--flush"]
    if job.peer is not None:
        found["DuckDB"] = [*measured, "DuckDB", job.peer, str(path), str(job.threads)]
    if job.others and path.suffix == ".ndjson":
        for tool, module in PEERS.items():
            if importlib.util.find_spec(module):
                found[tool] = [*measured, tool, "tumbling", str(path), str(job.threads)]
        if shutil.which("mlr"):
            found["Miller"] = ["mlr", "--ijsonl", "--ocsv", *MILLER, "-g", "minute,country", str(path)]
    if job.others and path.suffix == ".csv" and shutil.which("mlr"):
        found["Miller"] = ["mlr", "--icsv", "--ocsv", *MILLER, "-g", "minute,country", str(path)]
    if job.others and path.suffix == ".combined" and shutil.which("goaccess"):
        found["GoAccess"] = [
            "goaccess",
            str(path),
            "--log-format=COMBINED",
            "-o",
            f"{path}.html",
            "--no-global-config",
            "--no-progress",
            "--no-parsing-spinner",
        ]
    size = uncompressed(path).stat().st_size
    return [
        Contender(job.name, tool, words, job.threads, events, size, kept if tool == DURABLE else ())
        for tool, words in found.items()
    ]


def rows_of(path: Path, tool: str) -> Path:
    """Where a tool writes the rows of a job over this file."""
    return Path(f"{path}.{tool.replace(' ', '')}.csv")


def remove(path: Path) -> None:
    """A file or a folder, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def decoders(path: Path, events: int) -> list[Contender]:
    """The decoder alone, beside DuckDB's reader of the same columns, the reading of the file included."""
    measured = [sys.executable, str(HERE / "measured.py")]
    size = path.stat().st_size
    return [
        Contender(
            "decode, one core",
            "streamstat",
            [*measured, "decode", "all six", str(path), "1"],
            1,
            events,
            size,
        ),
        Contender("scan, one core", "DuckDB", [*measured, "DuckDB", "scan", str(path), "1"], 1, events, size),
    ]


def formats(path: Path, events: int) -> list[Contender]:
    """The decoder of each format alone, on the same events: a time, a hash, codes, numbers."""
    found = []
    for name in WRITTEN:
        copy = in_format(path, name)
        command = [sys.executable, str(HERE / "measured.py"), "decode", name, str(copy), "1"]
        found.append(Contender(f"decode {name}", "streamstat", command, 1, events, copy.stat().st_size))
    return found
