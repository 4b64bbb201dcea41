"""Makes events.ndjson: three hours of a shop's access log, the night of 2026-03-28, its search failing.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 28, 21, 30, tzinfo=UTC)
OUTAGE = (datetime(2026, 3, 28, 22, 41, tzinfo=UTC), datetime(2026, 3, 28, 22, 50, tzinfo=UTC))
LINES = 3000
ROUTES = {  # weight, usual latency in ms, usual bytes
    "/": (22, 18, 9_400),
    "/search": (18, 95, 14_200),
    "/products/:id": (27, 32, 11_800),
    "/cart": (9, 41, 3_100),
    "/checkout": (4, 160, 2_300),
    "/login": (5, 120, 1_900),
    "/api/stock": (8, 12, 310),
    "/static/app.js": (7, 3, 88_200),
}
AGENTS = ("Firefox/148.0", "Chrome/146.0", "Safari/19.2", "Chrome/146.0 Mobile", "Safari/19.2 Mobile")
ROBOTS = ("Googlebot/2.1", "bingbot/2.0")


def main() -> None:
    random.seed(20260328)
    visitors = [f"v{random.getrandbits(24):06x}" for _ in range(420)]
    events = [(arrival, line) for arrival, line in (event(visitors) for _ in range(LINES - len(BAD)))]
    events += [(BEGIN + timedelta(minutes=minute), line) for minute, line in BAD.items()]
    sys.stdout.buffer.write(b"".join(line + b"\n" for _, line in sorted(events, key=lambda each: each[0])))


def event(visitors: list[str]) -> tuple[datetime, bytes]:
    """When the line was written, and the line; that is when the answer is out, or later, by a slow worker."""
    time = BEGIN + timedelta(milliseconds=int(10_800_000 * random.random() ** 1.25))
    robot = random.random() < 0.06
    visitor = random.choice(ROBOTS) if robot else visitors[int(len(visitors) * random.random() ** 1.7)]
    routes = list(ROUTES)
    route = random.choices(routes, [ROUTES[each][0] for each in routes])[0]
    _, usual_ms, usual_bytes = ROUTES[route]
    status = random.choices((200, 304, 404, 500), (930, 45, 20, 5))[0]
    latency_ms = random.lognormvariate(0, 0.45) * usual_ms
    if route == "/search" and OUTAGE[0] <= time < OUTAGE[1]:
        status = random.choices((200, 503), (35, 65))[0]
        latency_ms = 30_000 if status == 503 else latency_ms * 40
    number = int(300 * random.random() ** 2.5) + 1
    fields = {
        "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "visitor": visitor,
        "method": "POST" if route in ("/checkout", "/login") else "GET",
        "path": route.replace(":id", str(number)),
        "route": route,
        "status": status,
        "bytes": 0 if status == 304 else int(usual_bytes * random.uniform(0.9, 1.1)),
        "latency_ms": round(latency_ms, 1),
        "agent": visitor if robot else AGENTS[hash_of(visitor) % len(AGENTS)],
    }
    if status == 304 and random.random() < 0.05:
        fields["latency_ms"] = "-"  # as some servers write what they did not measure
    held = timedelta(seconds=75) if random.random() < 0.01 else timedelta(0)
    arrival = time + timedelta(milliseconds=min(latency_ms, 30_000)) + held
    return arrival, json.dumps(fields, separators=(",", ":")).encode()


def hash_of(text: str) -> int:
    return sum(text.encode()) * 7919


BAD = {  # minutes after the beginning: lines that no JSON reader takes, and an empty one
    12: b'{"time":"2026-03-28T21:41:59.871Z","visitor":"v03ab11","method":"GET","path":"/sea',
    31: b"worker 3: out of memory, restarting",
    31.01: b"",
    72: b'{"time":"2026-03-28T22:42:00.104Z","visitor":"v77c01d","status":503,"latency_ms":NaN}',
    90: b'{"time":"2026-03-28T23:00:00.000Z","visitor":"v77c01d","path":"/search?q=caf\xe9","status":200}',
    133: b'{"time":"2026-03-28T23:43:00.009Z","visitor":"v1",,"status":200}',
}

if __name__ == "__main__":
    main()
