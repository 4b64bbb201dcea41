"""Makes events.ndjson: forty minutes of requests to two services, 2026-05-11, while a release goes wrong and back.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 5, 11, 13, 50, tzinfo=UTC)
REQUESTS = 1200
RELEASED, TAKEN_BACK = timedelta(minutes=14), timedelta(minutes=23)


def main() -> None:
    random.seed(20260511)
    written = sorted((request(number) for number in range(REQUESTS)), key=lambda each: each[0])
    for _, line in written:
        sys.stdout.write(line + "\n")


def request(number: int) -> tuple[timedelta, str]:
    """When the line is written, which is when the answer is out, and the line."""
    since = timedelta(milliseconds=random.randrange(40 * 60_000))
    service = "search" if random.random() < 0.4 else "orders"
    broken = service == "orders" and RELEASED <= since < TAKEN_BACK
    # The new release fails for more and more of its connections.
    failing = 0.1 + 0.5 * (since - RELEASED) / (TAKEN_BACK - RELEASED) if broken else 0.006
    status = random.choices((500, 503), (2, 1))[0] if random.random() < failing else 200
    took_ms = random.lognormvariate(3.6, 0.5) * (8 if status == 503 else 1)
    fields = {
        "time": (BEGIN + since).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "service": service,
        "request": f"{number:04x}",
        "status": status,
        "took_ms": round(took_ms, 1),
    }
    written = since + timedelta(milliseconds=took_ms) + timedelta(seconds=random.expovariate(1) ** 2 / 4)
    return written, json.dumps(fields, separators=(",", ":"))


if __name__ == "__main__":
    main()
