"""Makes events.ndjson: three hours of orders of a shop, 2026-11-27; one way to pay breaks down for a while.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
ORDERS = 420
BROKEN = (82, 104)  # minutes in which nobody can pay by card


def main() -> None:
    random.seed(20261127)
    events = [event for number in range(ORDERS) for event in of_order(number)]
    written = sorted((at + random.expovariate(1) / 30, at, fields) for at, fields in events if at < 180)
    for _, at, fields in written:
        time = (BEGIN + timedelta(minutes=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        sys.stdout.write(json.dumps({"time": time, **fields}, separators=(",", ":")) + "\n")


def of_order(number: int) -> Iterator[tuple[float, dict[str, object]]]:
    """What becomes of an order: in which minute, and what."""
    order, at = f"N{number:04d}", random.uniform(0, 178)
    by = random.choices(("card", "invoice", "wallet"), (6, 2, 3))[0]
    amount = round(random.lognormvariate(3.7, 0.7), 2)
    yield at, {"type": "order", "order": order, "by": by, "amount": amount}
    fate = random.random()
    if fate < 0.03:
        yield at + random.uniform(1, 25), {"type": "cancel", "order": order}
    elif fate < 0.94:
        paid = at + random.lognormvariate(1.2, 0.8)
        if by == "card" and BROKEN[0] <= paid < BROKEN[1]:
            if random.random() < 0.6:
                return  # who could not pay does not come back
            paid = BROKEN[1] + random.uniform(5, 45)
        yield paid, {"type": "paid", "order": order, "amount": amount}
        if random.random() < 0.01:
            yield paid + random.uniform(0.1, 2), {"type": "paid", "order": order, "amount": amount}
        yield paid + random.uniform(8, 70), {"type": "shipped", "order": order}


if __name__ == "__main__":
    main()
