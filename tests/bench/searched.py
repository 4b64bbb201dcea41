"""Stored queries over log lines: few of them, many of them, and how long very many take to be read.

`searched.py EVENTS FILE` writes the lines, about 300 bytes each: a text of twenty words out of twenty thousand.
"""

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from contenders import Contender
from data import FOLDER, HERE

COMMAND = [str(Path(sys.executable).parent / "streamstat"), "search", "--quiet", "--threads", "2"]
WORDS, SERVICES, SERVICES_ASKED = 20_000, 50, 5_000
BEGIN_MS, MS_A_LINE = 1_767_225_600_000, 6
FEW, MANY, VERY_MANY = 10, 10_000, 100_000


def searches(events: int) -> list[Contender]:
    """The same lines, held against few queries and against many; and one line, held against very many."""
    path = FOLDER / f"messages-{events}.ndjson"
    if not path.exists():
        part = path.with_suffix(".part")
        subprocess.run([sys.executable, str(HERE / "searched.py"), str(events), str(part)], check=True)
        part.rename(path)
    one = FOLDER / "message.ndjson"
    with path.open("rb") as lines:
        one.write_bytes(lines.readline())
    asked = ((FEW, path, events), (MANY, path, events), (VERY_MANY, one, 1))
    return [_contender(number, lines, count) for number, lines, count in asked]


def _contender(number: int, path: Path, events: int) -> Contender:
    file = FOLDER / f"queries-{number}.toml"
    file.write_text("".join(queries(number)), encoding="utf-8")
    output = FOLDER / f"hits-{number}.csv"
    command = [*COMMAND, str(file), str(path), "--select", "id=id", "--output", str(output)]
    return Contender("search", f"{number:,} queries", command, 2, events, path.stat().st_size)


def queries(number: int) -> Iterator[str]:
    """Half of them look for words, a quarter for a service, and a quarter for a service and more."""
    choose, words = random.Random(number), _words()
    for i in range(number):
        service = f"s{choose.randrange(SERVICES_ASKED if i % 4 == 2 else SERVICES)}"
        condition = f'service == "{service}"'
        if i % 4 < 2:
            condition = f'words(msg, "{choose.choice(words)} {choose.choice(words)}")'
        elif i % 4 == 3:
            condition += (
                f' and latency_ms > {choose.randrange(880, 900)} and not words(msg, "{choose.choice(words)}")'
            )
        yield f"q{i} = '{condition}'\n"


def _words() -> list[str]:
    choose = random.Random(1)
    return ["".join(choose.choices("abcdefghijklmnop", k=choose.randint(3, 9))) for _ in range(WORDS)]


def main() -> None:
    """Write the lines."""
    events, path = int(sys.argv[1]), Path(sys.argv[2])
    choose, words = random.Random(2), _words()
    with path.open("w", encoding="utf-8") as file:
        for i in range(events):
            text = " ".join(choose.choices(words, k=24))
            service, latency = choose.randrange(SERVICES), choose.randint(1, 900)
            file.write(
                f'{{"ts":{BEGIN_MS + i * MS_A_LINE},"service":"s{service}","latency_ms":{latency},'
                f'"host":"host-{i % 97}","msg":"{text}","id":"{choose.getrandbits(128):032x}"}}\n'
            )


if __name__ == "__main__":
    main()
