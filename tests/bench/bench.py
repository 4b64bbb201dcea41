"""Measures the decoder and the whole job beside DuckDB on one generated file, in turns; prints medians as a table."""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parent.parent / "build" / "bench"
AGGREGATES = (
    "count() distinct(device_id) p50(latency_ms) p95(latency_ms) p99(latency_ms) sum(bytes) max(latency_ms)"
)
TIMES = "--time occurred_at --sent sent_at --received received_at"


@dataclass
class Contender:
    """One row of the table: who does which job, by which command; and what was measured."""

    job: str
    tool: str
    command: list[str]
    seconds: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    events: int = 0
    bytes: int = 0

    def run(self) -> None:
        """Once more, in a process of its own; what it prints, if anything, is its own measurement."""
        began = time.perf_counter()
        process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = process.stdout.read().split()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        if status != 0:
            sys.exit(f"{self.tool} failed: {' '.join(self.command)}")
        if told:
            seconds, self.events, self.bytes = float(told[0]), int(told[1]), int(told[2])
        self.seconds.append(seconds)
        self.peak_mb.append(usage.ru_maxrss / 1024)


def contenders(path: Path, events: int) -> list[Contender]:
    """The decoder alone, then the whole job with one and two threads; each followed by DuckDB's."""
    measured = [sys.executable, str(HERE / "measured.py")]
    streamstat = [
        str(Path(sys.executable).parent / "streamstat"),
        "run",
        str(path),
        "--quiet",
        *TIMES.split(),
    ]
    streamstat += ["--window", "tumbling:1m", "--by", "country", "--output", f"{path}.streamstat.csv"]
    streamstat += [part for call in AGGREGATES.split() for part in ("--agg", call)]
    found = [
        Contender("decode, 1 core", "streamstat", [*measured, "decode", str(path)]),
        Contender("scan, 1 thread", "DuckDB", [*measured, "duckdb-scan", str(path), "1"]),
    ]
    for n in (1, 2):
        job = f"whole job, {n} thread{'s'[: n - 1]}"
        found.append(Contender(job, "streamstat", [*streamstat, "--threads", str(n)]))
        found.append(Contender(job, "DuckDB", [*measured, "duckdb-tumbling", str(path), str(n)]))
    for each in found:
        each.events, each.bytes = events, path.stat().st_size
    return found


def table(measured: list[Contender]) -> str:
    """Medians; `ratio` is the speed relative to DuckDB's on the same job."""
    lines = ["| job | tool | seconds | events/s | MB/s | peak MB | ratio |", "|---|---|--:|--:|--:|--:|--:|"]
    for ours, theirs in zip(measured[::2], measured[1::2], strict=True):
        base = theirs.bytes / statistics.median(theirs.seconds)
        for each in (ours, theirs):
            seconds = statistics.median(each.seconds)
            figures = f"{seconds:.2f} | {each.events / seconds:,.0f} | {each.bytes / seconds / 1e6:,.0f}"
            ratio = each.bytes / seconds / base
            peak = statistics.median(each.peak_mb)
            lines.append(f"| {each.job} | {each.tool} | {figures} | {peak:,.0f} | {ratio:.2f} |")
    return "\n".join(lines)


def machine() -> str:
    """What the figures were measured on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else platform.machine()
    tools = ", ".join(f"{name} {version(name)}" for name in ("streamstat", "duckdb", "pyarrow", "numpy"))
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {tools}"
    )


def main() -> None:
    """Generate what is not there yet, run in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"events-{given.events}.ndjson"
    if not path.exists():
        # Not in this process: what a child peaks at counts from what its parent holds.
        command = [
            sys.executable,
            str(HERE / "generate.py"),
            str(given.events),
            str(path.with_suffix(".part")),
        ]
        subprocess.run(command, check=True)
        path.with_suffix(".part").rename(path)
    measured = contenders(path, given.events)
    for _ in range(given.runs):
        for each in measured:
            each.run()
    size = path.stat().st_size
    print(
        f"{given.events:,} events of {size // given.events} bytes, {size / 1e6:,.0f} MB; {given.runs} runs in turns"
    )
    print(machine(), end="\n\n")
    print(table(measured))


if __name__ == "__main__":
    main()
