"""What is inside of a text is found alike in every format, however the input is cut, beside the fields around it."""

import csv
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from tools.commands import Forks
from tools.holding_formats import HOLDING
from tools.written_formats import WRITTEN

Record = tuple[str, str, list[int]]  # a time, a key, the values inside


def records(random: Random, count: int) -> list[Record]:
    """Some with nothing inside."""
    return [
        (
            f"2026-03-28T21:{second // 60:02}:{second % 60:02}Z",
            random.choice("abc"),
            [random.randrange(100) for _ in range(random.randrange(4))],
        )
        for second in range(count)
    ]


def text_of(values: list[int]) -> str:
    """Without a space, as not every format has them."""
    held = {"list": [{"v": value} for value in values], "size": len(values)}
    return json.dumps(held, separators=(",", ":"))


def test_every_format_is_here() -> None:
    assert HOLDING.keys() == WRITTEN.keys()


@pytest.mark.parametrize("name", HOLDING)
def test_texts_are_unwrapped_and_their_elements_are_events(name: str, forks: Forks, tmp_path: Path) -> None:
    holding, taken = HOLDING[name], records(Random(name), 200)
    lines = (holding.record(time, key, text_of(values)) + "\n" for time, key, values in taken)
    (tmp_path / "in.log").write_text(holding.heading + "".join(lines))
    (tmp_path / "streams").mkdir()

    def rows(*arguments: str) -> list[list[str]]:
        options = ["-i", holding.input, "-b", holding.key, "--unwrap", holding.text, "-f", "csv"]
        ended = forks.run(["run", *options, *arguments, "in.log"], b"", tmp_path, tmp_path / "streams")
        assert ended.code == 0, ended.err
        return [row[:1] + row[2:] for row in csv.reader(ended.out.splitlines()[1:])]

    sizes: Counter[str] = Counter()
    inside: dict[tuple[str, str], list[int]] = {}
    for time, key, values in taken:
        sizes[key] += len(values)
        if values:
            inside.setdefault((time[:16] + ":00Z", key), []).extend(values)
    assert [row[1:] for row in rows("-w", "all", "-a", "sum(size)")] == [
        [key, str(sizes[key])] for key in "abc"
    ]
    assert rows("-w", "tumbling:1m", "--each", "list", "-a", "sum(v)", "-a", "count()") == [
        [minute, key, str(sum(values)), str(len(values))] for (minute, key), values in sorted(inside.items())
    ]
