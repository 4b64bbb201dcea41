"""Makes searches.ndjson and clicks.ndjson: six hours of a shop's search, 2026-06-16; for an hour it is wrong.

Used as `python generate.py` in the folder of the files.
"""

import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2026, 6, 16, 8, tzinfo=UTC)
MINUTES = 360
SEARCHES = 1100
BROKEN = (125, 190)  # minutes in which the ranking is wrong
TEXTS = "kettle;desk lamp;wool socks;rain jacket;tea;notebook;bike light;tent;garden hose;headphones".split(
    ";"
)
Timed = tuple[float, dict[str, object]]  # since the beginning, in minutes, and what else is in the line


def main() -> None:
    random.seed(20260616)
    searches, clicks = [], []
    for number, at in enumerate(sorted(random.uniform(0, MINUTES) for _ in range(SEARCHES))):
        query = f"q{number:04d}"
        searches.append((at, {"id": query, "text": random.choice(TEXTS)}))
        clicks += clicks_on(query, at)
    write("searches.ndjson", searches)
    write("clicks.ndjson", [*clicks, *strays()])


def clicks_on(query: str, at: float) -> list[Timed]:
    """What is clicked of the results of a search: mostly soon, and more than once now and then."""
    broken = BROKEN[0] <= at < BROKEN[1]
    found = []
    for _ in range(random.choices((0, 1, 2, 3), (80, 18, 2, 0) if broken else (52, 36, 9, 3))[0]):
        at += random.lognormvariate(-1, 1.2)
        rank = min(10, 1 + int(random.expovariate(1 / 6 if broken else 0.7)))
        found.append((at, {"search": query, "rank": rank}))
    return found


def strays() -> list[Timed]:
    """Clicks on searches of yesterday, in tabs that stayed open."""
    return [(random.uniform(0, MINUTES), {"search": f"y{n:04d}", "rank": 1}) for n in range(15)]


def write(name: str, events: Iterable[Timed]) -> None:
    """The lines of a file, some seconds out of order."""
    written = sorted((at + random.expovariate(1) / 30, at, fields) for at, fields in events if at < MINUTES)
    with Path(name).open("w") as file:
        for _, at, fields in written:
            time = (BEGIN + timedelta(minutes=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            file.write(json.dumps({"time": time, **fields}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
