"""What a question adds to a job: values that count once, a second report of the same pass; and a look at all fields."""

import sys
from pathlib import Path

from contenders import MAIN, TIMES, Contender

COMMAND = [str(Path(sys.executable).parent / "streamstat"), "run", "--quiet", "--threads", "2"]
# By another field and another window, over fields that the first one has, too.
FIRST = f"""window = "tumbling:1m"
by = "country"
agg = {MAIN.split()}
"""
SECOND = """window = "tumbling:10m"
by = "path"
agg = ["count()", "distinct(device_id)", "p99(latency_ms)", "sum(bytes)"]
"""


def unique(path: Path, events: int) -> list[Contender]:
    """The first job with nothing forgotten before the end, and the same where each event counts once."""
    return _each_once("unique values", MAIN, path, events)


def unique_alone(path: Path, events: int) -> list[Contender]:
    """The same where there is little else to do."""
    return _each_once("unique values, count()", "count()", path, events)


def _each_once(job: str, names: str, path: Path, events: int) -> list[Contender]:
    """`received_at` is different in all events."""
    times = TIMES.partition(" --delay")[0].split()
    calls = [part for call in names.split() for part in ("--agg", call)]
    command = [*COMMAND, str(path), *times, "--by", "country", *calls]
    return [
        _contender(job, tool, [*command, *words], path, events)
        for tool, words in (("streamstat", []), ("with --unique", ["--unique", "received_at"]))
    ]


def looked_at(path: Path, events: int) -> list[Contender]:
    """The first job, and an inspection of the same events."""
    first, _ = unique(path, events)
    times = TIMES.partition(" --delay")[0].split()
    command = [COMMAND[0], "inspect", *COMMAND[2:], str(path), *times, "--json"]
    plain = Contender("inspect", first.tool, first.command, 2, events, path.stat().st_size)
    return [plain, _contender("inspect", "inspect", command, path, events, is_whole=False)]


def reports(path: Path, events: int) -> list[Contender]:
    """Two reports on their own, and both from one pass."""
    found = []
    for tool, tables in (("first", [FIRST]), ("second", [SECOND]), ("both", [FIRST, SECOND])):
        config = path.with_name(f"{path.name}.{tool}.toml")
        named = (
            f'[report.r{i}]\noutput = "{path}.{tool}.{i}.csv"\n{table}' for i, table in enumerate(tables)
        )
        config.write_text("".join(named), encoding="utf-8")
        command = [*COMMAND, str(path), *TIMES.split(), "--config", str(config)]
        found.append(_contender("reports", tool, command, path, events, is_whole=False))
    return found


def _contender(
    job: str, tool: str, command: list[str], path: Path, events: int, *, is_whole: bool = True
) -> Contender:
    output = ["--output", f"{path}.{tool.replace(' ', '')}.csv"] if is_whole else []
    return Contender(job, tool, [*command, *output], 2, events, path.stat().st_size)


def share_of_second(contenders: list[Contender]) -> str:
    """What the second report adds to the first, as a part of its own run."""
    first, second, both = (sorted(each.seconds)[len(each.seconds) // 2] for each in contenders)
    return f"a second report from one pass takes {(both - first) / second:.2f} of its own run"
