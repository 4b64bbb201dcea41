"""Measures what the sketches are off by, as `streamstat help accuracy` says: `make accuracy` prints it.

Everything is seeded, and sketches are deterministic, so the figures are the same everywhere.
"""

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa

import streamstat
from streamstat.sketches import bloom

SEED = 20260328


@dataclass(frozen=True)
class Figure:
    """What was measured, on what, and the outcome in percent."""

    what: str
    on: str
    percents: dict[str, float]

    def __str__(self) -> str:
        outcome = ", ".join(f"{name} {value:.3g} %" for name, value in self.percents.items())
        return f"- {self.what}, {self.on}:\n  {outcome}"


def report(values: Iterable[tuple[int, object]], call: str, *, sketches: bool = False) -> pa.Table:
    """One aggregate of x by windows of a second; values are (window, x as JSON)."""
    data = "".join(f'{{"ts":{window},"x":{value}}}\n' for window, value in values).encode()
    plan = streamstat.Plan(window="tumbling:1s", agg=(f"y={call}",), time="ts", sketches=sketches)
    return streamstat.run(plan, data)


def distinct(values: int, windows: int, p: int = 14) -> Figure:
    """Errors of HyperLogLog over windows of so many different values."""
    made = ((window, f'"{window}/{i}"') for window in range(windows) for i in range(values))
    found = report(made, f"distinct(x, p={p})").column("y").to_pylist()
    errors = [100 * (each - values) / values for each in found]
    on = f"{windows} windows of {values:,} values"
    percents = {"standard error": root_mean_square(errors), "largest": max(map(abs, errors))}
    return Figure(f"`distinct(x, p={p})`", on, percents)


def percentile(q: float, values: int, windows: int) -> Figure:
    """Errors of a percentile against the value of that rank in the sorted list."""
    generator = random.Random(SEED)
    latencies = [[round(generator.lognormvariate(3, 1), 4) for _ in range(values)] for _ in range(windows)]
    made = ((window, x) for window, one in enumerate(latencies) for x in one)
    found = report(made, f"quantile(x, {q})").column("y").to_pylist()
    true = [sorted(one)[math.ceil(q * values) - 1] for one in latencies]
    errors = [100 * (a - b) / b for a, b in zip(found, true, strict=True)]
    percents = {"mean": sum(errors) / windows, "largest": max(errors), "least": min(errors)}
    return Figure(f"`p{100 * q:g}(x)`", f"{windows} windows of {values:,} log-normal values", percents)


def membership(values: int, others: int) -> Figure:
    """How often a Bloom filter of its capacity says yes to what it does not hold."""
    made = ((0, f'"in{i}"') for i in range(values))
    table = report(made, f"members(x, capacity={values})", sketches=True)
    held = bloom.read(table.column("bloom_x")[0].as_py())
    missed = sum(not held.contains(f"in{i}") for i in range(0, values, 10))
    assert not missed
    wrong = sum(held.contains(f"out{i}") for i in range(others))
    off = 100 * abs(table.column("y")[0].as_py() - values) / values
    percents = {"says yes to": 100 * wrong / others, "number off by": off}
    on = f"{values:,} values, as many as its capacity; {others:,} others asked"
    return Figure("`members(x)`", on, percents)


def first_seen(values: int) -> Figure:
    """How many first-seen values the growing filter takes for seen."""
    made = ((0, f'"{i}"') for i in range(values))
    found = report(made, "new(x)").column("y")[0].as_py()
    return Figure("`new(x)`", f"{values:,} values, all new", {"missed": 100 * (values - found) / values})


def figures() -> Iterator[Figure]:
    """All that the topic shows."""
    yield distinct(1_000, 50)
    yield distinct(10_000, 50)
    yield distinct(200_000, 5)
    yield distinct(10_000, 50, p=12)
    yield percentile(0.5, 5_000, 50)
    yield percentile(0.99, 5_000, 50)
    yield membership(10_000, 100_000)
    yield first_seen(1_000_000)


def root_mean_square(errors: list[float]) -> float:
    return math.sqrt(sum(error * error for error in errors) / len(errors))


def as_list() -> str:
    """The list of the topic."""
    return "".join(f"{each}\n" for each in figures())


if __name__ == "__main__":
    print(as_list(), end="")
