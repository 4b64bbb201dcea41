"""What `inspect` says of the logs of each sample, kept in `tests/inspected`; and inspections in this process."""

import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streamstat.commands.inspection.facts import seen_in
from streamstat.commands.inspection.watching import InspectionWatcher
from streamstat.commands.settings import Settings
from streamstat.input.detection import choice
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.sources import Input
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.memory import bytes_input
from streamstat.plan.inspect_options import InspectOptions
from streamstat.plan.meaning import format_of, job_of
from streamstat.plan.plan import Plan
from streamstat.runners.local import LocalRunner
from tools.commands import Ended, Forks

SAMPLES = Path(__file__).parents[2] / "samples"
KEPT = Path(__file__).parents[1] / "inspected"
# How the samples whose time is not found by itself, or whose clocks are to be looked at, are asked for.
OPTIONS = {
    "phones": "-t occurred_at --sent sent_at --received received_at --offset-by phone --time-unit ms",
    "sensors": "-t at --producer gateway",
}


def logs_of(name: str) -> list[str]:
    """The logs of a sample."""
    found = (SAMPLES / name).glob("*.*")
    expected = "expected.csv", "truth.csv"
    return sorted(
        each.name for each in found if each.suffix in (".ndjson", ".csv") and each.name not in expected
    )


def names() -> list[str]:
    """The samples that have logs."""
    return sorted(each.parent.name for each in SAMPLES.glob("*/command"))


def inspect_sample(forks: Forks, name: str, *more: str) -> Ended:
    """What is said of the logs of a sample."""
    words = ["inspect", *shlex.split(OPTIONS.get(name, "")), *more, *logs_of(name)]
    with tempfile.TemporaryDirectory() as streams:
        return forks.run(words, b"", SAMPLES / name, Path(streams))


def seen(
    data: bytes | list[bytes],
    options: Mapping[str, Any] | None = None,
    *,
    threads: int = 1,
    block_bytes: int = 1 << 20,
) -> dict[str, Any]:
    """The facts of one input, or of several, read in blocks of so many bytes at most."""
    plan = Plan(**(options or {}), own=InspectOptions())
    parts = data if isinstance(data, list) else [data]
    inputs: list[Input] = [bytes_input(part, f"log{i}") for i, part in enumerate(parts)]
    limits = Limits(block_bytes=block_bytes, choose=choice(format_of(plan), growing=False))
    watcher = InspectionWatcher(None, None)
    runner = LocalRunner(job_of(plan), ReadOnce(Inputs(inputs), limits), watcher, threads=threads)
    runner.run()
    return seen_in(Settings(plan=plan), runner.engine, watcher)
