"""Makes events.ndjson: half a day of commands to a shop, 2026-11-27, of which some cannot be.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
ORDERS = 130
DAY_M = 12 * 60

Command = tuple[float, str, int | None]  # the minute, what is wanted, and the amount


def main() -> None:
    random.seed(20261128)
    commands = sorted(each for number in range(ORDERS) for each in of_order(number))
    for at, order, wanted, cents in commands:
        if at < DAY_M:
            time = (BEGIN + timedelta(minutes=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            fields = {"time": time, "order": order, "type": wanted, "cents": cents}
            known = {name: value for name, value in fields.items() if value is not None}
            sys.stdout.write(json.dumps(known, separators=(",", ":")) + "\n")


def of_order(number: int) -> Iterator[tuple[float, str, str, int | None]]:
    """What is wanted of an order."""
    order = f"E{number:04d}"
    for at, wanted, cents in wishes(random.uniform(0, DAY_M - 60), round(random.lognormvariate(8.3, 0.7))):
        yield at, order if random.random() > 0.01 else "E9999", wanted, cents


def wishes(at: float, cents: int) -> Iterator[Command]:
    """Somebody orders, pays at once or in parts, perhaps twice; somebody ships, perhaps too early; one may cancel."""
    yield at, "ordered", cents
    if random.random() < 0.04:
        yield at + random.uniform(0.1, 0.5), "ordered", cents  # clicked twice
    paid = at + random.lognormvariate(1.5, 0.8)
    first = cents if random.random() < 0.8 else cents // 2
    yield paid, "paid", first
    if first < cents and random.random() < 0.8:
        yield paid + random.uniform(5, 30), "paid", cents - first
    if random.random() < 0.05:
        yield paid + random.uniform(0.1, 2), "paid", first  # sent again
    shipped = paid + random.uniform(2, 45)
    if random.random() < 0.9:
        yield shipped, "shipped", None
    if random.random() < 0.12:
        yield at + random.uniform(1, 60), "cancelled", None


if __name__ == "__main__":
    main()
