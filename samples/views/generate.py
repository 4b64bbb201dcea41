"""Makes events.ndjson: the orders of a shop on 2026-06-12, as a queue delivers them: at least once, and not in order.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

DAY = datetime(2026, 6, 12, tzinfo=UTC)
ORDERS = 420
CUSTOMERS = 90
PRODUCTS = {"kettle": (3900, 9), "lamp": (5400, 6), "chair": (12900, 3), "desk": (34900, 1)}  # cents, weight
HOURS = range(7, 22)
CANCELLED, DOUBLED, HELD = 0.06, 0.03, 0.04  # how likely an order is, and a line
PACKED_UNTIL = DAY + timedelta(hours=21)  # what is not packed by then waits for the next day


Timed = tuple[datetime, dict[str, object]]


def main() -> None:
    random.seed(612)
    began = sorted(moment() for _ in range(ORDERS))
    events = [each for number, time in enumerate(began, 1) for each in events_of(f"o{number:03d}", time)]
    delivered: list[Timed] = []
    for number, (time, event) in enumerate(by_time(events), 1):
        delivered += deliveries(time, {"id": f"e{number:04d}", **event})
    for _, event in by_time(delivered):
        sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")


def by_time(events: list[Timed]) -> list[Timed]:
    return sorted(events, key=lambda each: each[0])


def moment() -> datetime:
    hour = random.choices(HOURS, [2, 3, 4, 6, 7, 8, 6, 5, 5, 6, 7, 8, 7, 4, 2])[0]
    return DAY + timedelta(hours=hour, milliseconds=random.randrange(3_600_000))


def events_of(order: str, time: datetime) -> Iterator[Timed]:
    """When each step of an order happens, and its event."""
    customer = f"c{int(CUSTOMERS * random.random() ** 1.8) + 1:02d}"
    product = random.choices(list(PRODUCTS), [weight for _, weight in PRODUCTS.values()])[0]
    pieces = random.choices((1, 2, 3, 4), (12, 4, 1, 1))[0]

    def event(kind: str) -> Timed:
        stamp = time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        about = {"time": stamp, "kind": kind, "order": order, "customer": customer}
        return time, {**about, "product": product, "cents": pieces * PRODUCTS[product][0]}

    yield event("placed")
    time += timedelta(seconds=random.lognormvariate(4, 1))
    if random.random() < CANCELLED:
        yield event("cancelled")
        return
    yield event("paid")
    time += timedelta(minutes=random.lognormvariate(4.2, 0.6))
    if time < PACKED_UNTIL:
        yield event("shipped")


def deliveries(time: datetime, event: dict[str, object]) -> Iterator[Timed]:
    """When the queue delivers an event: mostly at once, and sometimes again, as nobody told it that it had."""
    held = timedelta(minutes=random.uniform(5, 50)) if random.random() < HELD else timedelta()
    arrival = time + held + timedelta(milliseconds=random.randrange(2_000))
    yield arrival, event
    if random.random() < DOUBLED:
        yield arrival + timedelta(minutes=random.uniform(0.5, 20)), event


if __name__ == "__main__":
    main()
