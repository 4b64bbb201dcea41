"""What `inspect` finds is what plain Python finds, whatever the blocks and threads; what is late is late in `run`."""

import json
import random
import shlex
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tools.commands import Forks
from tools.inspected import seen

SEEDS = range(20)
DELAYS = {0.0: "0s", 1.0: "1s", 10.0: "10s", 60.0: "1m", 600.0: "10m", 3600.0: "1h"}


def values(random_: random.Random) -> Iterator[tuple[str, Any]]:
    """Fields of an event: some are missing, some are of several types, some are objects in objects."""
    yield "route", random_.choice(["/a", "/b", "/é", '/"q"'])
    if random_.random() < 0.8:
        yield "took", random_.choice([random_.random() * 1e3, random_.randrange(50), -1.5, 0])
    if random_.random() < 0.5:
        yield (
            "user",
            {"id": random_.randrange(700), "name": random_.choice(["ann", "bob", ""]), "tags": [1, {"a": 2}]},
        )
    elif random_.random() < 0.3:
        yield "user", random_.choice([None, "nobody", {}, 17])
    yield "id", f"{random_.getrandbits(64):x}"
    if random_.random() < 0.2:
        yield "odd", random_.choice([True, False, None, "x", 1, 1.0, 10**30, "1"])


def log(seed: int, lines: int = 400) -> tuple[bytes, list[dict[str, Any]]]:
    """A random log, out of order, with lines that are none; and its events."""
    random_, events, written = random.Random(seed), [], []
    now = 1_767_225_600
    for _ in range(lines):
        now += random_.choice([0, 1, 1, 2, 300])
        event = {"ts": now - random_.choice([0, 0, 0, 1, 5, 40, 100, 5_000]), **dict(values(random_))}
        events.append(event)
        written.append(json.dumps(event, ensure_ascii=random_.random() < 0.5))
        if random_.random() < 0.05:
            written.append(random_.choice(["", "{", "[1]", '{"ts": 1,}']))
    return "\n".join(written).encode() + b"\n", events


def leaves(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Paths and values, objects entered unless they are empty."""
    for name, held in value.items():
        if isinstance(held, dict) and held:
            yield from leaves(held, f"{path}{name}.")
        else:
            yield f"{path}{name}", held


def type_of(value: object) -> str:
    """What a JSON value is called; a number that fits no int64 is a double."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if abs(value) < 2**63 else "double"
    return {type(None): "null", float: "double", str: "text", list: "array", dict: "object"}[type(value)]


def plainly(events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of each field what can be said exactly, by dictionaries and loops."""
    found: dict[str, list[Any]] = {}
    for event in events:
        for path, value in leaves(event):
            found.setdefault(path, []).append(value)
    told = {}
    for path, held in found.items():
        there = [value for value in held if value is not None]
        spelt = [json.dumps(value, ensure_ascii=False, separators=(",", ":")) for value in there]
        numbers = sorted(
            value for value in there if type_of(value) in ("integer", "double") and abs(value) < 1e29
        )
        one: dict[str, Any] = {
            "types": dict(Counter(map(type_of, held))),
            "missing": len(events) - len(held),
            "distinct": len(set(spelt)),
            "counts": Counter(spelt),
        }
        texts = sorted((value for value in there if isinstance(value, str)), key=str.encode)
        if numbers:
            one |= {
                "least": numbers[0],
                "greatest": numbers[-1],
                "median": numbers[(len(numbers) + 1) // 2 - 1],
            }
        elif texts:
            one |= {"least": texts[0], "greatest": texts[-1]}
        told[path] = one
    return told


@pytest.mark.parametrize("seed", SEEDS)
def test_figures_are_those_of_plain_python(seed: int) -> None:
    data, events = log(seed)
    facts = seen(data)
    expected = plainly(events)
    assert facts["events"] == len(events)
    assert sorted(each["path"] for each in facts["fields"]) == sorted(expected)
    for each in facts["fields"]:
        plain = expected[each["path"]]
        for name in ("types", "missing", "distinct", "least", "greatest"):
            if name != "greatest" or "double" not in each["types"]:
                assert each.get(name) == plain.get(name), (seed, each["path"], name)
        if "median" in each:
            assert plain["median"] <= each["median"] <= plain["median"] + abs(plain["median"]) / 1000
        best = sorted(plain["counts"].values(), reverse=True)[:3]
        assert [one["count"] for one in each["frequent"]] == best
        for one in each["frequent"]:
            spelt = json.dumps(one["value"], ensure_ascii=False, separators=(",", ":"))
            assert plain["counts"].get(spelt, one["count"]) == one["count"] and one["error"] == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_span_silences_and_order_are_those_of_plain_python(seed: int) -> None:
    data, events = log(seed)
    facts = seen(data)
    times = [event["ts"] for event in events]
    gaps = sorted((b - a for a, b in pairwise(sorted(times))), reverse=True)
    assert facts["time"]["seconds"] == max(times) - min(times)
    assert [each["seconds"] for each in facts["time"]["silences"]] == gaps[:3]
    newest, lateness = times[0], []
    for time in times:
        newest = max(newest, time)
        lateness.append(newest - time)
    order = facts["order"]
    assert order["out_of_order"] == sum(each > 0 for each in lateness)
    assert {each["delay_s"]: each["below"] for each in order["delays"]} == {
        delay: sum(each > delay for each in lateness) for delay in DELAYS
    }
    assert order["delay_that_loses_none_s"] == max(lateness)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_delay_loses_is_what_a_run_with_it_loses(seed: int, forks: Forks, tmp_path: Path) -> None:
    data, _ = log(seed, 200)
    order = seen(data)["order"]
    delays = [(DELAYS[each["delay_s"]], each["below"]) for each in order["delays"]]
    for delay, below in [*delays, (f"{order['delay_that_loses_none_s']:.6f}s", 0)]:
        words = ["run", "-w", "sliding:1s", "--delay", delay, "--stats", "stats.json", "--silent"]
        assert forks.run(words, data, tmp_path, tmp_path).code == 0
        assert json.loads((tmp_path / "stats.json").read_text())["late"] == below, delay


@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_and_threads_change_nothing(seed: int) -> None:
    parts = [log(seed)[0], log(seed + 100, 50)[0]]
    random_ = random.Random(seed)
    for options in ({}, {"producer": "route"}, {"sent": "ts", "received": "ts", "offset_by": "route"}):
        whole = seen(parts, options)
        for _ in range(3):
            threads, block_bytes = random_.choice([1, 2, 4]), random_.choice([1, 100, 3_000])
            again = seen(parts, options, threads=threads, block_bytes=block_bytes)
            assert again == whole, (seed, threads, block_bytes)


def test_producers_are_compared_with_themselves() -> None:
    lines = [{"host": host, "ts": ts - behind} for ts in range(100) for host, behind in (("a", 0), ("b", 50))]
    data = b"".join(json.dumps(each).encode() + b"\n" for each in lines)
    alone, named = seen(data)["order"], seen(data, {"producer": "host"})["order"]
    assert (alone["out_of_order"], alone["producer"], alone["producers"]) == (100, "host", 2)
    assert [each["furthest_s"] for each in alone["latest_producers"]] == [0.0, 0.0]
    assert named["out_of_order"] == 0


def test_clocks_are_told_by_device() -> None:
    data = b"".join(
        json.dumps({"ts": t, "sent": t + 1, "got": t + 1 + off + t % 3, "d": d}).encode() + b"\n"
        for t in range(0, 3000, 10)
        for d, off in (("good", 0), ("slow", 500), ("fast", -60))
    )
    clocks = seen(data, {"sent": "sent", "received": "got", "offset_by": "d"})["clocks"]
    assert clocks["events"] == 900 and clocks["clock_jumps"] == 0
    assert [(each["device"], each["least_offset_s"]) for each in clocks["worst_devices"]] == [
        ("slow", 500.0),
        ("fast", -60.0),
        ("good", 0.0),
    ]
    assert clocks["offset_s"]["p50"] >= clocks["offset_by_device_s"]["p50"]


def test_no_field_holds_a_time() -> None:
    facts = seen(b'{"a": 1}\n' * 300)
    assert facts["time"] == {"taken": [], "fields": [], "dated": 0}
    assert facts["advice"]["command"] == ""


def test_a_field_whose_texts_are_times_is_named() -> None:
    facts = seen(b'{"when": "2026-01-01T00:00:00Z", "a": 1}\n{"when": "soon"}\n' * 3)
    assert facts["time"]["fields"] == [{"field": "when", "events": 6, "readable": 3}]
    assert facts["advice"]["command"].startswith("streamstat run -t when -w ")


def test_more_fields_than_are_told() -> None:
    data = b"".join(b'{"ts": 1, "ids": {"k%d": 1}}\n' % i for i in range(3000))
    facts = seen(data)
    assert len(facts["fields"]) == 1000 and facts["events"] == 3000


def test_numbers_in_quotes_are_no_times() -> None:
    facts = seen(b'{"ts": 1, "pid": "17"}\n{"ts": 2, "pid": "18"}\n')
    assert [each["field"] for each in facts["time"]["fields"]] == ["ts"]


def test_times_are_no_groups() -> None:
    facts = seen(
        b'{"time": "2026-01-01T00:00:00Z", "a": "x"}\n{"time": "2026-01-01T00:00:01Z", "a": "x"}\n' * 3
    )
    assert facts["advice"]["command"] == "streamstat run -w tumbling:1s -a 'count()'"


def test_names_that_options_would_take_apart_can_be_pasted_all_the_same(forks: Forks, tmp_path: Path) -> None:
    data = b'{"my time": "2026-01-01T00:00:00Z", "a, b": "x", "ok-1": "p"}\n{"a, b": "y", "ok-1": "q"}\n' * 3
    command = seen(data)["advice"]["command"]
    assert command == "streamstat run -t 'field(\"my time\")' -w tumbling:1s -b ok-1 -a 'count()'"
    ended = forks.run(shlex.split(command)[1:], data, tmp_path, tmp_path)
    assert (ended.code, len(ended.out.splitlines())) == (0, 2)


@pytest.mark.parametrize("options", [{}, {"producer": "route"}])
def test_each_input_is_compared_with_itself(options: dict[str, str]) -> None:
    parts = [log(1)[0], log(2)[0]]
    both, alone = seen(parts, options)["order"], [seen(part, options)["order"] for part in parts]
    assert both["out_of_order"] == sum(each["out_of_order"] for each in alone)
    assert [each["below"] for each in both["delays"]] == [
        sum(each["delays"][i]["below"] for each in alone) for i in range(len(DELAYS))
    ]
