"""Makes orders.ndjson and prices.csv: a day of orders of a market, 2026-09-09, and its price list, which changes.

Used as `python generate.py` in the folder of the files.
"""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

DAY = datetime(2026, 9, 9, tzinfo=UTC)
GOODS = {
    "apples": 240,
    "beans": 390,
    "bread": 420,
    "butter": 280,
    "cheese": 650,
    "eggs": 310,
    "figs": 720,
}  # in cents
ORDERS = 900


def main() -> None:
    random.seed(20260909)
    with Path("prices.csv").open("w") as file:
        file.write("time,good,price\n")
        for at, good, price in sorted(changes()):
            file.write(f"{text_of(at)},{good},{price}\n")
    orders = sorted(random.triangular(6, 20, 11) for _ in range(ORDERS))
    lines = [(at + random.expovariate(1) / 900, at, number) for number, at in enumerate(orders)]
    with Path("orders.ndjson").open("w") as file:
        for _, at, number in sorted(lines):
            good, n = random.choice(list(GOODS)), random.choices((1, 2, 3, 6), (6, 3, 2, 1))[0]
            fields = {"time": text_of(at), "order": f"n{number:04d}", "good": good, "n": n}
            file.write(json.dumps(fields, separators=(",", ":")) + "\n")


def changes() -> list[tuple[float, str, str]]:
    """Prices from an hour on; an empty one takes a good off the list. Figs come at ten, eggs are out at noon."""
    found = []
    for good, price in GOODS.items():
        at = 10.0 if good == "figs" else 0.0
        while at < 20:
            found.append((at, good, str(price)))
            at = max(at, 6) + random.expovariate(1 / 3)
            price = round(price * random.uniform(0.9, 1.12))
    return [*(each for each in found if each[1] != "eggs" or each[0] < 12), (12.0, "eggs", "")]


def text_of(hours: float) -> str:
    return (DAY + timedelta(hours=hours)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


if __name__ == "__main__":
    main()
