"""Makes events.ndjson: ninety minutes of twelve sensors behind three gateways, as a collector got them.

    python generate.py > events.ndjson

Each gateway promises every minute that it has passed on all readings up to a minute ago. gw-south loses its
line for 22 minutes and sends what it kept when the line is back; two sensors of gw-east have a weak radio and
deliver some readings minutes after the promise.
"""

import json
import random
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 7, 14, 6, 0, tzinfo=UTC)
SECONDS, EVERY_S = 5_400, 30
GATEWAYS = ("gw-north", "gw-east", "gw-south")
SENSORS_EACH = 4
LOST_S, BACK_S = 2_100, 3_420  # when the line of gw-south goes, and when it is back
WEAK = {"east-2": 0.06, "east-4": 0.03}  # how often a reading of theirs comes late


def main() -> None:
    random.seed(20260714)
    lines = [each for gateway in GATEWAYS for each in [*readings(gateway), *promises(gateway)]]
    lines.sort(key=lambda each: each[0])
    sys.stdout.write("".join(f"{line}\n" for _, line in lines))


def readings(gateway: str) -> list[tuple[float, str]]:
    """Every reading and when the collector gets it, in seconds."""
    lines = []
    for sensor in range(1, SENSORS_EACH + 1):
        name = f"{gateway[3:]}-{sensor}"
        base, phase = random.uniform(17, 21), random.uniform(0, EVERY_S)
        for k in range(SECONDS // EVERY_S):
            at = k * EVERY_S + phase
            celsius = base + 4 * at / SECONDS + random.gauss(0, 0.15)
            slow = random.uniform(150, 1_100) if random.random() < WEAK.get(name, 0) else 0.0
            fields = {"at": iso(at), "gateway": gateway, "sensor": name, "celsius": round(celsius, 2)}
            lines.append((through(gateway, at + random.uniform(0.2, 9) + slow), text(fields)))
    return lines


def promises(gateway: str) -> list[tuple[float, str]]:
    """A promise a minute: no more readings from before a minute ago."""
    lines = []
    for minute in range(1, SECONDS // 60 + 1):
        at = minute * 60 + 1.0
        lines.append((through(gateway, at), text({"watermark": iso(at - 61), "gateway": gateway})))
    return lines


def through(gateway: str, at: float) -> float:
    """When the collector gets what a gateway sends: at once, or when the line is back, in order."""
    if gateway == "gw-south" and LOST_S <= at < BACK_S:
        return BACK_S + (at - LOST_S) / 10_000
    return at


def iso(at: float) -> str:
    return (BEGIN + timedelta(seconds=at)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def text(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"))


if __name__ == "__main__":
    main()
