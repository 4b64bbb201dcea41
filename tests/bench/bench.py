"""Measures jobs beside other tools on generated files, in turns; prints medians as a table, with ratios."""

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from asked import looked_at, reports, share_of_second, unique, unique_alone
from contenders import DURABLE, JOBS, PEERS, Contender, contenders, decoders, formats, rows_of
from data import FOLDER, generated
from joins import JOINS, joining, left_of
from latency import latency
from logs import logs
from merges import MERGES, check_same, merging
from patterns import PATTERNS, seeking
from searched import searches
from views import VIEWS, log_of, viewing


def table(groups: list[list[Contender]]) -> str:
    """Medians; `ratio` is the speed relative to DuckDB's on the same job, else to that of the first of several."""
    lines = ["| job | tool | seconds | events/s | MB/s | peak MB | ratio |", "|---|---|--:|--:|--:|--:|--:|"]
    for group in groups:
        speeds = {each.tool: each.bytes / statistics.median(each.seconds) for each in group}
        for each in group:
            seconds = statistics.median(each.seconds)
            figures = f"{seconds:.2f} | {each.events / seconds:,.0f} | {each.bytes / seconds / 1e6:,.0f}"
            base = speeds.get("DuckDB", speeds[group[0].tool])
            ratio = f"{speeds[each.tool] / base:.2f}" if len(group) > 1 else "-"
            peak = statistics.median(each.peak_mb)
            lines.append(f"| {each.job} | {each.tool} | {figures} | {peak:,.0f} | {ratio} |")
    return "\n".join(lines)


def check_rows(path: Path) -> None:
    """Whoever wrote rows of the job just measured wrote equally many."""
    rows = {}
    for tool in ("streamstat", DURABLE, "DuckDB", *PEERS):
        written = rows_of(path, tool)
        if written.exists():
            with written.open("rb") as lines:
                rows[tool] = sum(1 for _ in lines)
            written.unlink()
    if len(set(rows.values())) > 1:
        sys.exit(f"not the same rows: {rows}")


def small() -> str:
    """What a user waits for whatever the input: medians of ten runs, in milliseconds."""
    command = str(Path(sys.executable).parent / "streamstat")
    line = b'{"ts":1}\n'

    def seconds(run: Callable[[], object]) -> float:
        began = time.perf_counter()
        run()
        return time.perf_counter() - began

    def start(words: list[str]) -> float:
        runs = [
            seconds(lambda: subprocess.run([command, *words], input=line, capture_output=True, check=True))
            for _ in range(10)
        ]
        return statistics.median(runs) * 1000

    return f"a run over one line: {start(['run']):.0f} ms; --help: {start(['--help']):.0f} ms"


def machine() -> str:
    """What the figures were measured on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else platform.machine()
    known = ["streamstat", "duckdb", "pyarrow", "numpy", *PEERS.values()]
    tools = ", ".join(f"{name} {version(name)}" for name in known if importlib.util.find_spec(name))
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {tools}"
    )


def on_spark(path: Path, events: int, runs: int) -> str:
    """The main question on Spark, a table; `ratio` is the speed relative to that of Spark's own SQL."""
    command = [sys.executable, str(Path(__file__).with_name("on_spark.py")), str(path), str(runs)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    start, base = found.pop("start of a session"), found["Spark SQL"]
    lines = [f"on Spark, whose session took {start:.1f} s to start:", "| tool | seconds | events/s | ratio |"]
    lines += ["|---|--:|--:|--:|"]
    for tool, seconds in found.items():
        lines.append(f"| {tool} | {seconds:.2f} | {events / seconds:,.0f} | {base / seconds:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Generate what is not there yet, run in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="jobs whose name holds this text")
    given = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    groups = []
    for name, chosen in (("decode", decoders), ("decode formats", formats)):
        if given.only in name:
            groups.append(chosen(generated("events", given.events), given.events))
            for _ in range(given.runs):
                for each in groups[-1]:
                    each.run()
    second = ""
    for name, asked in (
        ("unique", unique),
        ("unique", unique_alone),
        ("inspect", looked_at),
        ("reports", reports),
    ):
        if given.only in name:
            groups.append(asked(generated("events", given.events), given.events))
            for _ in range(given.runs):
                for each in groups[-1]:
                    each.run()
            second = share_of_second(groups[-1]) if name == "reports" else second
    for name in PATTERNS:
        if given.only in name:
            groups.append(seeking(name, given.events))
            for _ in range(given.runs):
                for each in groups[-1]:
                    each.run()
    for name in JOINS:
        if given.only in name:
            groups.append(joining(name, given.events))
            for _ in range(given.runs):
                for each in groups[-1]:
                    each.run()
                check_rows(left_of(name, given.events))
    for name in VIEWS:
        if given.only in name:
            groups.append(viewing(name, given.events))
            for _ in range(given.runs):
                for each in groups[-1]:
                    each.run()
                check_rows(log_of(given.events))
    if given.only in MERGES:
        groups.append(merging(given.events))
        for _ in range(given.runs):
            for each in groups[-1]:
                each.run()
            check_same(given.events)
    if given.only in "search":
        groups.append(searches(given.events))
        for _ in range(given.runs):
            for each in groups[-1]:
                each.run()
    for job in JOBS:
        if given.only not in job.name:
            continue
        path = generated(job.data, given.events)
        groups.append(contenders(job, path, given.events))
        for _ in range(given.runs):
            for each in groups[-1]:
                each.run()
            check_rows(path)
    print(f"{given.events:,} events of about 309 bytes; {given.runs} runs in turns")
    print(machine(), end="\n\n")
    print(table(groups), end="\n\n")
    if given.only in "spark" and importlib.util.find_spec("pyspark"):
        print(on_spark(generated("events", given.events), given.events, given.runs), end="\n\n")
    if second:
        print(second)
    print(small())
    command = str(Path(sys.executable).parent / "streamstat")
    print(latency(command))
    print(logs(command))


if __name__ == "__main__":
    main()
