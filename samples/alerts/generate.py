"""Makes events.ndjson: an hour of log lines of twelve services, 2026-04-14, in which a disk of two hosts runs full.

Used as `python generate.py > events.ndjson`; it also writes alerts.toml, the 300 queries of those who watch.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2026, 4, 14, 8, tzinfo=UTC)
LINES = 1200
SERVICES = (
    *("auth", "billing", "cart", "catalog", "checkout", "files"),
    *("gateway", "mail", "orders", "search", "stock", "users"),
)
HOSTS = [f"node-{number:02}" for number in range(1, 41)]
FULL = ("node-07", "node-31")  # whose disks run full from the fortieth minute on
CUSTOMERS = [f"c{number:04}" for number in range(400)]
USUAL = (
    "request served",
    "cache refreshed",
    "session opened for {customer}",
    "invoice sent to {customer}",
    "stock level of item {item} is {left}",
    "retry {left} of call to {other}",
)
RARE = (
    "Payment declined for {customer}: insufficient funds",
    "connection reset by peer while calling {other}",
    "Deadline exceeded: call to {other} took {took} ms",
    "Certificate of {other} expires in {left} days",
    "slow query on table {other}_history",
    "Out of memory: killed worker {item}",
    "login failed for {customer}: wrong password",
    "replication lag of {left} s on shard {item}",
)
PHRASES = (
    *("disk full", "no space left", "out of memory", "connection reset", "deadline exceeded"),
    *("payment declined", "wrong password", "replication lag", "slow query", "certificate of"),
)


def main() -> None:
    random.seed(20260414)
    for number in range(LINES):
        sys.stdout.write(line(timedelta(seconds=3600 * number / LINES)) + "\n")
    Path("alerts.toml").write_text("".join(queries()), encoding="utf-8")


def line(since: timedelta) -> str:
    """A line of the log."""
    host = random.choice(HOSTS)
    is_full = host in FULL and since > timedelta(minutes=40)
    rare = is_full or random.random() < 0.06
    took_ms = round(random.lognormvariate(3.4, 0.9), 1)
    parts = {
        "customer": random.choice(CUSTOMERS),
        "item": random.randrange(900),
        "left": random.randrange(1, 6),
        "other": random.choice(SERVICES),
        "took": round(took_ms),
    }
    message = random.choice(RARE if rare else USUAL).format(**parts)
    if is_full:
        message = random.choice(("DISK-FULL on /var/lib", "write failed: No space left on device"))
    fields: dict[str, object] = {
        "time": (BEGIN + since).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": "error" if rare else "info",
        "service": random.choice(SERVICES),
        "host": host,
        "took_ms": took_ms,
        "message": message,
    }
    if random.random() < 0.1:
        fields["request"] = {
            "customer": parts["customer"],
            "note": random.choice(("gift", "Fragile: glass", "")),
        }
    return json.dumps(fields, separators=(",", ":"))


def queries() -> list[str]:
    """What teams have asked to be told: a line each."""
    found = [f'{service}-errors = \'service == "{service}" and level == "error"\'\n' for service in SERVICES]
    found += [f"{service}-slow = 'service == \"{service}\" and took_ms > 400'\n" for service in SERVICES]
    found += [f'"{phrase}" = \'words(message, "{phrase}")\'\n' for phrase in PHRASES]
    for host in HOSTS:
        found.append(f'{host}-down = \'host == "{host}" and words(message, "out of memory")\'\n')
    watched = random.sample(CUSTOMERS, 225)
    found += [f'vip-{customer} = \'anywhere("{customer}") and level == "error"\'\n' for customer in watched]
    found.append("fragile = 'anywhere(\"fragile glass\")'\n")
    return found


if __name__ == "__main__":
    main()
