"""Makes events.ndjson and truth.csv: two hours of telemetry from forty phones, most with a wrong clock.

    python generate.py > events.ndjson

truth.csv has what the generator alone knows: how many events truly happened in each ten minutes, and how
many of them were dropped calls. No event lies within a second of an edge, so that the network's delay moves
none over it.
"""

import json
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

BEGIN = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SECONDS, SPAN_S = 7_200, 600
KINDS = {"screen_on": 50, "app_start": 35, "call": 10, "call_drop": 5}
CLOCKS = (  # how many phones, and how far their clock is from the truth
    (12, timedelta(seconds=1)),
    (8, timedelta(minutes=4)),
    (6, timedelta(minutes=-17)),
    (5, timedelta(hours=9)),
    (4, timedelta(days=-1)),
    (2, timedelta(days=730)),
    (3, BEGIN.replace(year=1970, month=1, day=1, hour=0) - BEGIN),
)
OLD_APP = 0  # this phone does not say when it sends; its clock is right
SET_PHONE, SET_AT_S = 35, 3_700.0  # two years ahead until its clock is set, with events still to send


def main() -> None:
    random.seed(20260504)
    truth: Counter[tuple[int, str]] = Counter()
    lines: list[tuple[datetime, int, str]] = []
    clocks = [clock for count, clock in CLOCKS for _ in range(count)]
    for number, clock in enumerate(clocks):
        error = timedelta(0) if number == OLD_APP else clock + timedelta(seconds=random.uniform(-2, 2))
        for received, line in phone(number, error, truth):
            lines.append((received, len(lines), line))
    sys.stdout.write("".join(f"{line}\n" for _, _, line in sorted(lines)))
    rows = sorted({span for span, _ in truth})
    with Path("truth.csv").open("w") as file:
        file.write("window_start,events,drops\n")
        for span in rows:
            start = (BEGIN + timedelta(seconds=span * SPAN_S)).isoformat().replace("+00:00", "Z")
            file.write(f"{start},{truth[span, 'all']},{truth[span, 'call_drop']}\n")


def phone(number: int, clock: timedelta, truth: Counter[tuple[int, str]]) -> list[tuple[datetime, str]]:
    """All that one phone sends: batches, each some minutes after its first event."""
    lines = []
    at, batch, due = random.uniform(2, 90), list[tuple[float, str]](), 0.0
    battery = random.randint(30, 100)
    while at < SECONDS - 2:
        if 1 < at % SPAN_S < SPAN_S - 1:
            kind = random.choices(list(KINDS), list(KINDS.values()))[0]
            batch.append((at, kind))
            span = int(at // SPAN_S)
            truth[span, "all"] += 1
            truth[span, kind] += 1
            due = due or at + random.uniform(120, 1_500)
        at += random.expovariate(1 / 95)
        if batch and (at >= due or at >= SECONDS - 2):
            sent = min(at, SECONDS) + random.uniform(0, 20)
            received = BEGIN + timedelta(seconds=sent + random.uniform(0.03, 0.6))
            for event_at, kind in batch:
                was, now = (timedelta(0) if is_right(number, each) else clock for each in (event_at, sent))
                battery = max(battery - (random.random() < 0.2), 1)
                fields = {
                    "phone": f"p{number:02}",
                    "app": ("4.1.0", "4.2.0", "4.2.1")[number % 3],
                    "event": kind,
                    "battery": battery,
                    "occurred_at": milliseconds(event_at, was),
                    "sent_at": milliseconds(sent, now),
                    "received_at": received.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                }
                if number == OLD_APP:
                    del fields["sent_at"]
                lines.append((received, json.dumps(fields, separators=(",", ":"))))
            batch, due = [], 0.0
    return lines


def is_right(number: int, at: float) -> bool:
    """Whether the phone's clock has been set by then."""
    return number == SET_PHONE and at >= SET_AT_S


def milliseconds(at: float, error: timedelta) -> int:
    """A moment as a phone's clock shows it, in milliseconds since 1970."""
    return int((BEGIN + timedelta(seconds=at) + error).timestamp() * 1000)


if __name__ == "__main__":
    main()
