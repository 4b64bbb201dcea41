"""A day made of its hours: saved reports merged, beside one run over all events.

`merges.py EVENTS FOLDER` writes a log for each hour, of seeded events of 300 bytes, and makes a report of each. From
2,400,000 events on, each of 100,000 devices is in every hour.
"""

import random
import subprocess
import sys
from pathlib import Path

from contenders import Contender
from data import FOLDER
from patterns import BEGIN_MS, BYTES

MERGES = "merge of 24 hourly reports to a day"
COMMAND = str(Path(sys.executable).parent / "streamstat")
SHARED = ["--threads", "2", "--quiet"]
ASKED = ["-b", "device", "-a", "count()", "-a", "distinct(path)", "-a", "p99(latency_ms)"]
DEVICES, PATHS, HOURS = 100_000, 1_000, 24
HOUR_MS = 3_600_000
PAD_BYTES = len('{,"pad":""}\n')


def merging(events: int) -> list[Contender]:
    """The same day by one run, and by merging; `ratio` is that of the times."""
    folder = hours_of(events)
    logs = sorted(map(str, folder.glob("*.ndjson")))
    day = ["--window", "tumbling:1d", *SHARED]
    commands = {
        "run, all events": ["run", *day, *ASKED, *logs],
        "merge": ["merge", *day, *sorted(map(str, folder.glob("*.parquet")))],
    }
    size = sum(Path(log).stat().st_size for log in logs)
    return [
        Contender(MERGES, tool, [COMMAND, *words, "--output", str(rows_of(events, tool))], 2, events, size)
        for tool, words in commands.items()
    ]


def check_same(events: int) -> None:
    """Both have written the same bytes."""
    days = [rows_of(events, tool) for tool in ("run, all events", "merge")]
    run, merged = (day.read_bytes() for day in days)
    if run != merged:
        sys.exit("not the same rows")
    for day in days:
        day.unlink()


def rows_of(events: int, tool: str) -> Path:
    """Where the rows of a day go."""
    return FOLDER / f"day-{events}.{tool.partition(',')[0]}.csv"


def hours_of(events: int) -> Path:
    """The folder of logs and reports, made now if it is not there, by another process: peaks are told of children."""
    folder = FOLDER / f"hours-{events}"
    if not folder.exists():
        part = folder.with_suffix(".part")
        subprocess.run([sys.executable, __file__, str(events), str(part)], check=True)
        part.rename(folder)
    return folder


def write(events: int, folder: Path) -> None:
    """The logs and their reports."""
    folder.mkdir(exist_ok=True)
    choose, each = random.Random(5), events // HOURS
    for hour in range(HOURS):
        log = folder / f"{hour:02}.ndjson"
        with log.open("w", encoding="ascii") as file:
            for number in range(each):
                ts = BEGIN_MS + hour * HOUR_MS + number * HOUR_MS // each
                device, path = (hour * each + number) * 7_919 % DEVICES, choose.randrange(PATHS)
                latency = choose.lognormvariate(3.5, 0.8)
                body = f'"ts":{ts},"device":"d{device:06}","path":"/p/{path}","latency_ms":{latency:.3f}'
                file.write(f'{{{body},"pad":"{"p" * (BYTES - len(body) - PAD_BYTES)}"}}\n')
        report = ["--states", "--output", str(log.with_suffix(".parquet"))]
        subprocess.run([COMMAND, "run", "-w", "tumbling:1h", *SHARED, *ASKED, *report, str(log)], check=True)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
