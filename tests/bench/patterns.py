"""Jobs of `streamstat match`, and the streams that they are over: `patterns.py STREAM EVENTS FILE` writes one.

Events of 300 bytes, a millisecond after each other, seeded: the same bytes each time.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from contenders import Contender
from data import FOLDER

BEGIN_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
BYTES = 300  # of a line
Fields = tuple[str, ...]


def devices(random_: random.Random) -> Iterator[Fields]:
    """A hundred thousand devices, a tenth of whose requests are slow, and some fail."""
    number = 0
    while True:
        status = "failed" if random_.random() < 0.02 else "ok"
        device, ms = random_.randrange(100_000), random_.randrange(1000)
        yield f'"ts":{BEGIN_MS + number}', f'"device":"d{device:06}"', f'"ms":{ms}', f'"status":"{status}"'
        number += 1


def requests(random_: random.Random) -> Iterator[Fields]:
    """Requests, each with an id of its own; of fifty one has no response, and some have it too late."""
    due: dict[int, list[int]] = {}
    number = time = 0
    while True:
        for each in due.pop(time, ()):
            yield f'"ts":{BEGIN_MS + time}', f'"id":"r{each:08}"', '"kind":"response"'
        if time % 2 == 0:
            if random_.random() < 0.98:
                due.setdefault(time + random_.randrange(1, 40_000), []).append(number)
            yield f'"ts":{BEGIN_MS + time}', f'"id":"r{number:08}"', '"kind":"request"'
            number += 1
        time += 1


def prices(random_: random.Random) -> Iterator[Fields]:
    """The prices of a thousand keys, which go up and down."""
    price, number = [1000] * 1000, 0
    while True:
        key = random_.randrange(1000)
        price[key] += random_.randrange(-5, 6)
        yield f'"ts":{BEGIN_MS + number}', f'"key":"k{key:04}"', f'"price":{price[key]}'
        number += 1


def failures(random_: random.Random, most: int) -> Iterator[Fields]:
    """One group: so many failures, and then a success that ends a match."""
    number = 0
    while True:
        kind = "ok" if number % (most + 1) == most else "fail"
        yield f'"ts":{BEGIN_MS + number}', f'"n":{random_.randrange(1000)}', f'"kind":"{kind}"'
        number += 1


COUNTS = (100, 1000, 10_000, 100_000)
STREAMS: dict[str, Callable[[random.Random], Iterator[Fields]]] = {
    "devices": devices,
    "requests": requests,
    "prices": prices,
    **{f"failures{most}": partial(failures, most=most) for most in COUNTS},
}


@dataclass(frozen=True)
class Sought:
    """What a row of the table is asked: the verb and its options. stream: which one it is over."""

    tool: str
    stream: str
    words: tuple[str, ...]


MATCH, RUN = "match", "run"
SLOW = ("slow{3,} -> failed", "-d", "slow=ms > 900", "-d", 'failed=status == "failed"', "--within", "5m")
ANSWERS = ("-d", 'request=kind == "request"', "-d", 'response=kind == "response"', "--within", "30s")
TURNS = ("[down{2,} up{2,}]", "-d", "down=price < prev.price", "-d", "up=price > prev.price")
BREAK_IN = ("fail{5,} -> ok", "-d", 'fail=kind == "fail"', "-d", 'ok=kind == "ok"', "--within", "1h")
PATTERNS = {
    "patterns, slow{3,} -> failed by device": [
        Sought("run, sessions 30s", "devices", (RUN, "-w", "session:30s", "-b", "device")),
        Sought(MATCH, "devices", (MATCH, *SLOW, "-b", "device")),
    ],
    "patterns, request -> !response by id": [
        Sought(MATCH, "requests", (MATCH, "request -> !response", *ANSWERS, "-b", "id"))
    ],
    "patterns, [down{2,} up{2,}] by key": [
        Sought(MATCH, "prices", (MATCH, *TURNS, "--within", "5m", "-b", "key"))
    ],
    "patterns, fail{5,} -> ok in one group": [
        Sought(f"{most:,} failures", f"failures{most}", (MATCH, *BREAK_IN)) for most in COUNTS
    ],
}


def seeking(name: str, events: int) -> list[Contender]:
    """The jobs of a name, each over its stream."""
    found = []
    for each in PATTERNS[name]:
        path = stream_of(each.stream, events)
        found.append(Contender(name, each.tool, command_of(each, path), 2, events, path.stat().st_size))
    return found


def command_of(sought: Sought, path: Path) -> list[str]:
    """The command line; rows go to a CSV beside the stream."""
    streamstat = str(Path(sys.executable).parent / "streamstat")
    shared = ("--time", "ts", "--delay", "10s", "--threads", "2", "--quiet")
    output = path.with_name(f"{path.name}.{sought.words[0]}.csv")
    return [streamstat, *sought.words, *shared, "--output", str(output), str(path)]


def stream_of(name: str, events: int) -> Path:
    """The file of a stream, made now if it is not there; in a process of its own, as peaks are told of children."""
    path = FOLDER / f"{name}-{events}.ndjson"
    if not path.exists():
        part = path.with_suffix(".part")
        subprocess.run([sys.executable, __file__, name, str(events), str(part)], check=True)
        part.rename(path)
    return path


def write(name: str, events: int, path: Path) -> None:
    """The stream as NDJSON."""
    with path.open("w", encoding="ascii") as file:
        for fields in islice(STREAMS[name](random.Random(5)), events):
            body = ",".join(fields)
            pad = "p" * (BYTES - len(body) - len('{,"pad":""}\n'))
            file.write(f'{{{body},"pad":"{pad}"}}\n')


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
