"""Makes web1.ndjson, web2.ndjson, web3.ndjson: three hours of a shop's web hosts, 2026-10-06; a release fails on one.

Used as `python generate.py` in the folder of the files.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2026, 10, 6, 9, tzinfo=UTC)
MINUTES = 180
HOSTS = ("web1", "web2", "web3")
ROUTES = {
    "/": 12,
    "/search": 45,
    "/item": 20,
    "/cart": 16,
    "/checkout": 70,
}  # with their median in milliseconds
WEIGHTS = (3, 5, 6, 2, 1)
VISITORS, VISITS = 190, 300
# From which minute on a host has which version. 4.2 fails, and is on one host alone.
RELEASES = {
    "web1": ((0, "4.1"), (132, "4.3")),
    "web2": ((0, "4.1"), (64, "4.2"), (101, "4.3")),
    "web3": ((0, "4.1"), (140, "4.3")),
}
Request = tuple[float, str, dict[str, object]]  # since the beginning, in minutes, on which host, and what


def main() -> None:
    random.seed(20261006)
    requests = [each for _ in range(VISITS) for each in visit() if each[0] < MINUTES]
    for host in HOSTS:
        written = sorted((at + took(fields), at, fields) for at, where, fields in requests if where == host)
        with Path(f"{host}.ndjson").open("w") as file:
            for _, at, fields in written:
                time = (
                    (BEGIN + timedelta(minutes=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                )
                file.write(json.dumps({"time": time, "host": host, **fields}, separators=(",", ":")) + "\n")


def visit() -> Iterator[Request]:
    """Some requests of a visitor, mostly to one host: now and then the balancer chooses another."""
    visitor, host, at = f"v{random.randrange(VISITORS):03}", random.choice(HOSTS), random.uniform(0, MINUTES)
    for _ in range(1 + int(random.expovariate(1 / 7))):
        host = host if random.random() < 0.8 else random.choice(HOSTS)
        yield at, host, request(visitor, at, host)
        at += random.lognormvariate(-0.5, 1)


def request(visitor: str, at: float, host: str) -> dict[str, object]:
    (route,) = random.choices(list(ROUTES), WEIGHTS)
    version = next(name for minute, name in reversed(RELEASES[host]) if minute <= at)
    fails = random.random() < (0.5 if (version, route) in (("4.2", "/cart"), ("4.2", "/checkout")) else 0.004)
    latency = random.lognormvariate(0, 0.5) * ROUTES[route] * (6 if version == "4.2" else 1)
    fields = {"route": route, "status": 503 if fails else 200, "latency_ms": round(latency, 1)}
    return {**fields, "visitor": visitor, "version": version}


def took(fields: dict[str, object]) -> float:
    """In minutes; lines are written when an answer is out."""
    return float(str(fields["latency_ms"])) / 60_000


if __name__ == "__main__":
    main()
