"""Makes events.ndjson: page views of a magazine over one day, 2026-09-04, by visitor; offline apps send theirs late.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

DAY = datetime(2026, 9, 4, tzinfo=UTC)
VISITORS = 140
STORIES = [f"/story/{name}" for name in "tides lighthouses gulls harbour fog knots lamps charts".split()]
OFFLINE = 0.05  # how likely the app has no network from one page view on


def main() -> None:
    random.seed(7)
    views = [view for number in range(VISITORS) for view in views_of(f"r{number:03d}")]
    # The sort is stable: views sent together stay in the order in which they were read.
    for _, view in sorted(views, key=lambda each: each[0]):
        sys.stdout.write(json.dumps(view, separators=(",", ":")) + "\n")


def views_of(visitor: str) -> Iterator[tuple[datetime, dict[str, object]]]:
    """When each page view of one visitor's day is received, and the view."""
    app = random.random() < 0.3
    for _ in range(random.choices((1, 2, 3), (5, 3, 1))[0]):
        hour = random.choices(range(6, 24), [3, 7, 8, 5, 4, 4, 7, 6, 4, 4, 5, 7, 8, 6, 6, 7, 5, 2])[0]
        time = DAY + timedelta(hours=hour, seconds=random.randrange(3600))
        offline_until = sent = None
        for page in pages():
            time += timedelta(seconds=min(random.lognormvariate(5.4 if app else 4.2, 0.9), 1500))
            if app and offline_until is None and random.random() < OFFLINE:
                offline_until = time + timedelta(minutes=random.uniform(20, 45))
                sent = offline_until + timedelta(minutes=random.uniform(25, 110))
            offline = offline_until is not None and time < offline_until
            stamp = time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            view = {"time": stamp, "visitor": visitor, "path": page, "client": "app" if app else "web"}
            yield sent if offline and sent else time + timedelta(milliseconds=random.randrange(900)), view


def pages() -> list[str]:
    """What one visit reads, in order."""
    count = random.choices(range(1, 12), [8, 10, 9, 8, 6, 5, 4, 3, 2, 1, 1])[0]
    read = ["/"] if random.random() < 0.6 else []
    read += random.choices(STORIES, k=count)
    return read + ["/subscribe"] * (random.random() < 0.12)


if __name__ == "__main__":
    main()
