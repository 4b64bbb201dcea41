"""Makes events.ndjson: who logged in to a mail server on 2026-10-12, and four who should not have.

Used as `python generate.py > events.ndjson`.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

DAY = datetime(2026, 10, 12, tzinfo=UTC)
PEOPLE = 70
COUNTRIES = "DE DE DE DE AT CH NL FR PT".split()
Event = tuple[timedelta, str, str, str, str]  # since midnight, who, what, from which address and country


def main() -> None:
    random.seed(20261012)
    events = [*everyday(), *taken_over(), *held_out(), *sprayed(), *shared(), *forgetful()]
    written = [(since + timedelta(seconds=random.expovariate(1)), since, *rest) for since, *rest in events]
    for _, since, user, what, address, country in sorted(written):
        stamp = (DAY + since).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        fields = {"time": stamp, "user": user, "event": what, "ip": address, "country": country}
        sys.stdout.write(json.dumps(fields, separators=(",", ":")) + "\n")


def at(hour: int, minute: float) -> timedelta:
    return timedelta(hours=hour, milliseconds=round(minute * 60_000))


def everyday() -> Iterator[Event]:
    """People who log in, mistype now and then, and log out."""
    for number in range(PEOPLE):
        user, country = f"u{number:02d}", random.choice(COUNTRIES)
        address = f"192.0.2.{number + 10}"
        minute = random.uniform(6 * 60, 10 * 60)
        while minute < 20 * 60:
            for _ in range(random.choices((0, 1, 2, 3), (70, 20, 7, 3))[0]):
                yield at(0, minute), user, "failed", address, country
                minute += random.uniform(0.1, 0.6)
            yield at(0, minute), user, "login", address, country
            minute += random.uniform(20, 200)
            yield at(0, minute), user, "logout", address, country
            minute += random.uniform(30, 300)


def taken_over() -> Iterator[Event]:
    """Passwords are tried until one is right; then mail is sent on to somebody else."""
    for begin, count, user, address in (
        (at(3, 12), 41, "kraus", "203.0.113.9"),
        (at(14, 47), 7, "ito", "203.0.113.77"),
    ):
        last = begin + timedelta(seconds=4 * count)
        for number in range(count):
            yield begin + timedelta(seconds=4 * number, milliseconds=137), user, "failed", address, "RO"
        yield last, user, "login", address, "RO"
        yield last + timedelta(seconds=95), user, "forward", address, "RO"


def held_out() -> Iterator[Event]:
    """Passwords are tried, and none is right."""
    for number in range(60):
        yield at(16, 30 + number / 15), "lund", "failed", "203.0.113.9", "RO"


def sprayed() -> Iterator[Event]:
    """One password is tried with everybody, slowly."""
    for number in range(PEOPLE):
        yield at(4, number / 2), f"u{number:02d}", "failed", "198.51.100.23", "VN"


def shared() -> Iterator[Event]:
    """Two places within an hour; and a journey that takes a day."""
    yield at(9, 10), "silva", "login", "192.0.2.201", "PT"
    yield at(9, 48), "silva", "login", "198.51.100.140", "BR"
    yield at(8, 5), "moser", "login", "192.0.2.202", "AT"
    yield at(19, 40), "moser", "login", "192.0.2.203", "US"


def forgetful() -> Iterator[Event]:
    """Who tries five times in an hour, and remembers."""
    for number in range(5):
        yield at(11, 11.5 * number), "okafor", "failed", "192.0.2.204", "DE"
    yield at(11, 50), "okafor", "login", "192.0.2.204", "DE"


if __name__ == "__main__":
    main()
