"""Makes events.ndjson: an hour of requests between services and their responses, 2026-02-24, in one log.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from collections.abc import Iterator

BEGIN_MS = 1_771_927_200_000  # 2026-02-24T10:00:00Z
REQUESTS = 760
HANGS = (30, 40)  # minutes in which the stock service answers slowly, or not at all
MEDIANS_MS = {"stock": 25, "price": 8, "mail": 180}


def main() -> None:
    random.seed(20260224)
    events = [event for number in range(REQUESTS) for event in of_request(number)]
    for _, at, fields in sorted((at + random.expovariate(1) * 300, at, fields) for at, fields in events):
        sys.stdout.write(json.dumps({"ts": BEGIN_MS + at, **fields}, separators=(",", ":")) + "\n")


def of_request(number: int) -> Iterator[tuple[int, dict[str, object]]]:
    """A request, and its response, if there is one: how many milliseconds since the beginning, and what."""
    at, request = random.randrange(3_500_000), f"{random.getrandbits(32):08x}"
    service = random.choices(list(MEDIANS_MS), (5, 4, 1))[0]
    hangs = service == "stock" and HANGS[0] * 60_000 <= at < HANGS[1] * 60_000
    yield at, {"kind": "request", "id": request, "to": service}
    if random.random() < (0.35 if hangs else 0.004):
        return
    took = random.lognormvariate(0, 0.6) * MEDIANS_MS[service] * (200 if hangs else 1)
    status = random.choices((200, 500), (0.98, 0.02))[0]
    yield at + round(took), {"kind": "response", "id": request, "status": status}


if __name__ == "__main__":
    main()
