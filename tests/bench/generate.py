"""Writes a stream of requests as NDJSON, about 300 bytes a line: `generate.py EVENTS FILE [--seed N] [--active N]`.

A hundred thousand devices in twenty countries, 10,000 events a minute of stream time, each sent up to a minute after
it happened, from a clock that is off by up to an hour; every device keeps its offset. With `--active` only so many
devices are there at once, each for about six events, so that its events form visits. Seeded: the same bytes each time.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

BEGIN_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
MS_AN_EVENT = 6
DEVICES = 100_000
CHUNK = 100_000
EVENTS_A_VISIT = 6
COUNTRIES = "KR JP US DE FR GB IN BR ID MX IT ES NL SE PL TR VN TH AU CA".split()
PATHS = (
    "/ /search /cart /checkout /login /products /products/reviews /api/v1/stock /api/v2/prices /help".split()
)
STATUSES = "200 200 200 200 200 200 200 201 204 301 304 400 403 404 500 503".split()
AGENTS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    for system in ("X11; Linux x86_64", "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7")
    for version in range(118, 128)
]
LINE = (
    '{"occurred_at":%d,"sent_at":%d,"received_at":%d,"device_id":"d%06d","country":"%s","path":"%s",'
    '"status":%s,"latency_ms":%.3f,"bytes":%d,"user_agent":"%s"}\n'
)
Integers = npt.NDArray[np.int64]


def chunk(first: int, n: int, random: np.random.Generator, active: int | None = None) -> str:
    """Events [first, first + n) of the stream, in the order in which the server got them."""
    received = BEGIN_MS + np.arange(first, first + n) * MS_AN_EVENT
    if active is None:
        device = (random.random(n) ** 2 * DEVICES).astype(np.int64)
    else:
        came = np.arange(first, first + n) // EVENTS_A_VISIT
        device = (came + (random.random(n) * active).astype(np.int64)) * 7919 % DEVICES
    clock = device * 7919 % 7_200_001 - 3_600_000
    waited = random.exponential(2_000, n).astype(np.int64).clip(0, 60_000)
    columns: list[Sequence[object]] = [
        (received + clock - waited).tolist(),
        (received + clock).tolist(),
        received.tolist(),
        device.tolist(),
        picked(COUNTRIES, device % len(COUNTRIES)),
        picked(PATHS, random.integers(0, len(PATHS), n)),
        picked(STATUSES, random.integers(0, len(STATUSES), n)),
        random.lognormal(3.5, 0.8, n).tolist(),
        random.integers(100, 50_000, n).tolist(),
        picked(AGENTS, device % len(AGENTS)),
    ]
    return "".join([LINE % row for row in zip(*columns, strict=True)])


def picked(choices: list[str], indices: Integers) -> list[str]:
    """One of the choices for each index."""
    return [choices[i] for i in indices.tolist()]


def write(path: Path, events: int, seed: int, active: int | None = None) -> None:
    """The whole stream, chunk by chunk."""
    random = np.random.default_rng(seed)
    with path.open("w", encoding="utf-8") as file:
        for first in range(0, events, CHUNK):
            file.write(chunk(first, min(CHUNK, events - first), random, active))


def main() -> None:
    """Read the arguments, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--active", type=int)
    given = parser.parse_args()
    write(given.file, given.events, given.seed, given.active)


if __name__ == "__main__":
    main()
