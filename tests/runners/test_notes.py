"""Notes depend on the events and their order alone, and a state tells those of each run."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.commands import Forks
from tools.engine_run import Seen

from streamstat.common.errors import InputError
from streamstat.common.workers import Workers
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.sources.inputs import Inputs, bytes_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners.local import LocalRunner

PLAN = Plan(
    window="tumbling:10s",
    time="ts",
    by=("a",),
    agg=("count() if b > 1", "sum(c)", "max(c) if b", "sum(c + d)"),
    where="e != 1 or e is None",
    delay="0s",
)
TIMES = st.sampled_from([1, 5, 12, 11, 30, "x", None, "25.06.2026 10:00"])
CELLS = st.sampled_from([None, True, False, 1, 2.5, "1", "x", [1], {"b": 2}])
EVENTS = st.dictionaries(st.sampled_from("abcde"), CELLS, max_size=5)
LINES = st.lists(st.tuples(TIMES, EVENTS).map(lambda pair: {"ts": pair[0], **pair[1]}), max_size=40)


def told(
    content: Sequence[bytes], block_bytes: int, threads: int, strict: bool
) -> tuple[tuple[str, ...], str, list[bytes]]:
    """The notes of a run, the error that it ended with, and the rows and lines that were lost."""
    seen = Seen("UTC")
    sources = Inputs([bytes_input(each, f"in{i}") for i, each in enumerate(content)])
    with Workers(threads) as workers:
        feed = ReadOnce(sources, Limits(block_bytes))
        runner = LocalRunner(job_of(PLAN), feed, seen, strict=strict, threads=threads, workers=workers)
        try:
            runner.run()
        except InputError as error:
            return runner.notes if runner.finished else (), str(error), [*map(str.encode, seen.changelog)]
        return runner.notes, "", [*map(str.encode, seen.changelog), *seen.lost]


@settings(deadline=None, max_examples=60)
@given(LINES, LINES, st.integers(64, 600), st.integers(1, 3), st.booleans())
def test_notes_and_lost_lines_are_the_same_for_any_cut(
    first: list[dict[str, object]], second: list[dict[str, object]], size: int, threads: int, strict: bool
) -> None:
    content = [b"".join(json.dumps(each).encode() + b"\n" for each in part) for part in (first, second)]
    whole = told(content, 1 << 20, 1, strict)
    parts = told(content, size, threads, strict)
    assert parts[:2] == whole[:2]
    assert b"".join(parts[2]) == b"".join(whole[2])


def test_a_name_is_looked_for_in_the_first_hundred_events(forks: Forks, tmp_path: Path) -> None:
    lines = b'{"ts": 1, "x": 2}\n' * 99 + b'{"ts": 1, "route": 2}\n' + b'{"ts": 1, "minute": 2}\n'
    streams = tmp_path / "streams"
    streams.mkdir()
    ended = forks.run(["run", "-b", "rout", "-b", "minutes"], lines, tmp_path, streams)
    assert ended.err.splitlines() == [
        "streamstat: no event has 'rout'; did you mean 'route'?",
        "streamstat: no event has 'minutes'; the first events have ts, x, route",
    ]


def run_under_state(forks: Forks, folder: Path, *arguments: str) -> tuple[int, str]:
    streams = folder / "streams"
    streams.mkdir(exist_ok=True)
    command = ["run", "--state", "st", "-w", "tumbling:1s", "--delay", "0s", "-o", "r.csv"]
    ended = forks.run([*command, *arguments, "in.ndjson"], b"", folder, streams)
    return ended.code, ended.err


def test_each_run_under_a_state_tells_its_own(forks: Forks, tmp_path: Path) -> None:
    log = tmp_path / "in.ndjson"
    log.write_text('{"ts": 1, "b": "x"}\n')
    note = 'streamstat: sum(b): 1 bad_values, first in.ndjson:1 with "x"\n'
    assert run_under_state(forks, tmp_path, "-a", "sum(b)")[1].endswith(note)
    assert run_under_state(forks, tmp_path, "-a", "sum(b)") == (0, "")
    log.write_text('{"ts": 1, "b": "x"}\n{"ts": 2, "b": 3}\n')
    assert run_under_state(forks, tmp_path, "-a", "sum(b)") == (0, "")


def test_under_a_state_the_next_events_may_pass_where(forks: Forks, tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_text('{"ts": 1, "status": 200}\n')
    assert run_under_state(forks, tmp_path, "--where", "status > 200") == (0, "")


@pytest.mark.parametrize("arguments", [[], ["--commit-every", "0s"]])
def test_a_strict_state_does_not_commit_what_it_doubts(
    forks: Forks, tmp_path: Path, arguments: list[str]
) -> None:
    log = tmp_path / "in.ndjson"
    log.write_text('{"ts": 1, "route": 7}\n{"ts": 5, "route": 7}\n')
    strict = ["--strict", "-b", "rout", *arguments]
    error = (65, "streamstat: --by: no event has 'rout'; did you mean 'route'?\n")
    assert run_under_state(forks, tmp_path, *strict) == error
    assert not (tmp_path / "r.csv").exists()
    assert run_under_state(forks, tmp_path, *strict) == error
    log.write_text(log.read_text() + '{"ts": 9, "rout": 7}\n')
    assert run_under_state(forks, tmp_path, *strict) == (0, "")
    assert (tmp_path / "r.csv").read_text().splitlines()[1:] == [
        "1970-01-01T00:00:01Z,1970-01-01T00:00:02Z,,1",
        "1970-01-01T00:00:05Z,1970-01-01T00:00:06Z,,1",
    ]


def test_lost_lines_under_a_state_come_once(forks: Forks, tmp_path: Path) -> None:
    log, lost = tmp_path / "in.ndjson", tmp_path / "lost"
    log.write_text('{"ts": 5}\noops\n{"ts": 1}\n{"x": 1}\n')
    arguments = ["--lost-file", "lost"]
    assert run_under_state(forks, tmp_path, *arguments)[0] == 0
    assert lost.read_text() == 'oops\n{"ts": 1}\n{"x": 1}\n'
    log.write_text(log.read_text() + '{"ts": 9}\n{}\n')
    assert run_under_state(forks, tmp_path, *arguments)[0] == 0
    assert lost.read_text() == 'oops\n{"ts": 1}\n{"x": 1}\n{}\n'
    assert run_under_state(forks, tmp_path)[0] == 78


def test_the_heading_of_lost_records_comes_once_under_a_state(forks: Forks, tmp_path: Path) -> None:
    log, lost = tmp_path / "in.ndjson", tmp_path / "lost"
    log.write_text("ts,a,b\n5,1,2\n")
    arguments = ["-i", "csv", "--lost-file", "lost"]
    assert run_under_state(forks, tmp_path, *arguments) == (0, "")
    assert lost.read_text() == ""
    for row in (",1,2\n", ",3,4\n"):
        log.write_text(log.read_text() + row)
        assert run_under_state(forks, tmp_path, *arguments)[0] == 0
    assert lost.read_text() == "ts,a,b\n,1,2\n,3,4\n"
