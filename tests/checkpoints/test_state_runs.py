"""`--state` from outside: runs that go on, what is held, and what is refused."""

import gzip
import json
import os
import signal
from pathlib import Path

import pytest
from tools.commands import Ended, Forks
from tools.minute_rows import HEADER, minute
from tools.state_place import RUN, Place

from streamstat.checkpoints.folder import look
from streamstat.checkpoints.same_plan import check_plan


def test_windows_are_held_from_run_to_run(place: Place) -> None:
    place.add(5, 65, 100)
    assert place.run(*RUN) == Ended(0, b"", b"")
    assert place.text() == HEADER + minute(0)
    place.add(110, 135)
    assert place.run(*RUN) == Ended(0, b"", b"")
    assert place.text() == HEADER + minute(0) + minute(1, 3)
    assert place.run(*RUN) == Ended(0, b"", b"")
    assert place.text() == HEADER + minute(0) + minute(1, 3)


def test_flush_publishes_open_windows_and_the_next_run_goes_on(place: Place) -> None:
    place.add(5, 65)
    assert place.run(*RUN, "--flush").code == 0
    assert place.text() == HEADER + minute(0) + minute(1)
    place.add(100, 125)
    ended = place.run(*RUN, "--flush")
    assert (
        ended.err == "streamstat: lost of 2 lines: 1 late, first in.ndjson from byte 21:1; "
        "--late-file F keeps them, --delay D waits for them\n"
    )
    assert place.text() == HEADER + minute(0) + minute(1) + minute(2)


def test_rows_on_stdout_come_once_and_nothing_when_there_are_none(place: Place) -> None:
    run = ["run", "--state", "state", "in.ndjson"]
    place.add(5, 75)
    assert place.run(*run).out == HEADER + minute(0)
    assert place.run(*run).out == ""
    place.add(140)
    assert place.run(*run).out == HEADER + minute(1)


def test_stats_hold_all_runs_and_this_one(place: Place) -> None:
    place.add(5, 75)
    place.run(*RUN)
    place.add(140, 1)
    assert place.run(*RUN, "--stats", "stats.json").code == 0
    stats = json.loads(place.text("stats.json"))
    assert (stats["lines"], stats["counted"], stats["late"], stats["rows"], stats["bytes"]) == (
        4,
        3,
        1,
        2,
        43,
    )
    run = stats["run"]
    assert (run["lines"], run["counted"], run["late"], run["rows"], run["bytes"]) == (2, 1, 1, 1, 22)


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        (["-w", "tumbling:2m"], "--window: is tumbling:2m"),
        (["--delay", "20s"], "--delay: is 20s"),
        (["-a", "sum(ts)"], "--agg: is sum(ts)"),
        (["-o", "report.ndjson"], "--output: is ../report.csv, ../report.ndjson"),
        (["--bad-file", "bad"], "--bad-file: is ../bad"),
        (["--csv-raw"], "--csv-raw: is given, but state was begun without it; "),
        (["--fill"], "--fill: is given, but state was begun without it; "),
        (
            ["--type", "first_k=string", "-a", "first(k)"],
            "--agg: is first(k), but state was begun with count(); ",
        ),
        (["-b", "k", "-b", "m"], "--by: is k, m, but state was begun without it; "),
        (["-b", "k", "--max-groups", "7"], "--by: is k, but state was begun without it; "),
        (["--where", "ts > 1"], "--where: is ts > 1, but state was begun without it; "),
        (["--time-format", "%s"], "--time-format: is %s, but state was begun without it; "),
    ],
)
def test_another_plan_is_refused_by_the_name_of_the_option(
    place: Place, changed: list[str], option: str
) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    before = place.text()
    ended = place.run(*RUN, *changed)
    assert (ended.code, ended.err.count("\n")) == (78, 1)
    assert option in ended.err
    assert place.text() == before


@pytest.mark.parametrize(
    ("begun", "told"),
    [
        (["--csv-raw"], "--csv-raw: is not given, but state was begun with it; "),
        (["--fill"], "--fill: is not given, but state was begun with it; "),
        (["-b", "k"], "--by: is not given, but state was begun with k; "),
        (
            ["-a", "first(k)", "--type", "first_k=string"],
            "--agg: is count(), but state was begun with first(k); ",
        ),
        (["--where", "ts > 1"], "--where: is not given, but state was begun with ts > 1; "),
        (["--idle", "20s"], "--idle: is not given, but state was begun with 20s; "),
        (["--late-file", "late"], "--late-file: is not given, but state was begun with ../late; "),
        (["--time-format", "%s"], "--time-format: is not given, but state was begun with %s; "),
    ],
)
def test_option_that_is_left_out_later_is_told_as_a_person_gave_it(
    place: Place, begun: list[str], told: str
) -> None:
    place.add(5, 100)
    assert place.run(*RUN, *begun).code == 0
    ended = place.run(*RUN)
    assert (ended.code, ended.err.count("\n")) == (78, 1)
    assert ended.err.startswith(f"streamstat: {told}")


def test_limit_of_groups_is_told_by_its_number(place: Place) -> None:
    place.add(5, 100)
    run = [*RUN, "-b", "k", "--max-groups"]
    assert place.run(*run, "7").code == 0
    ended = place.run(*run, "8")
    assert "--max-groups: is 8, but state was begun with 7; " in ended.err


def test_option_of_a_later_version_that_is_off_is_no_other_plan(tmp_path: Path) -> None:
    check_plan({"window": "all"}, {"window": "all", "fill": False, "by": (), "where": None}, tmp_path)


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o711, 0o700])
def test_folder_that_others_may_look_into_is_told_once(place: Place, mode: int) -> None:
    place.add(5, 100)
    (place.folder / "state").mkdir()
    (place.folder / "state").chmod(mode)
    ended = place.run(*RUN)
    told = (
        "streamstat: state was there already, and others may look into it; chmod 700 state keeps them out\n"
    )
    assert ended == Ended(0, b"", told.encode() if mode != 0o700 else b"")
    assert place.run(*RUN) == Ended(0, b"", b"")


def test_what_does_not_change_the_result_may_change(place: Place) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    assert place.run(*RUN, "--threads", "1", "--quiet", "--commit-every", "1s", "in.ndjson").code == 0


@pytest.mark.parametrize("inputs", [[], ["-"], ["in.ndjson", "-"]])
def test_stdin_is_refused_with_the_alternatives(place: Place, inputs: list[str]) -> None:
    place.add(1)
    ended = place.run("run", "--state", "state", *inputs)
    assert ended.code == 2
    assert ended.err.startswith("streamstat: stdin: cannot be used with --state") and "tee -a" in ended.err
    assert not (place.folder / "state").exists()


@pytest.mark.parametrize("options", [["--flush"], ["--commit-every", "5s"]])
def test_options_of_a_state_mean_nothing_without_one(place: Place, options: list[str]) -> None:
    place.add(1)
    ended = place.run("run", "in.ndjson", *options)
    assert (ended.code, options[0] in ended.err) == (2, True)


def test_working_directory_does_not_matter_and_all_may_be_moved(
    place: Place, forks: Forks, tmp_path: Path
) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    streams = place.folder / "streams"
    state, report = f"{tmp_path.name}/state", f"{tmp_path.name}/report.csv"
    arguments = ["run", "--state", state, "-o", report, f"{tmp_path.name}/in.ndjson"]
    assert forks.run(arguments, b"", tmp_path.parent, streams).code == 0
    assert place.text() == HEADER + minute(0)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_run_commits_and_the_next_goes_on(
    place: Place, forks: Forks, tmp_path: Path, number: int, code: int
) -> None:
    place.add(*range(2000))
    run = [*RUN, "--threads", "1"]
    before = ("tools.state_calls:signal_at", 5, number)
    ended = forks.run(run, b"", tmp_path, tmp_path / "streams", before)
    assert (ended.code, ended.err) == (code, "")
    first = place.text()
    assert 0 < json.loads(place.run("state", "state", "--json").out)["lines"] < 2000
    assert place.run(*run).code == 0
    assert place.text().startswith(first) and minute(0, 60) in first
    assert place.text() == HEADER + "".join(minute(each, 60) for each in range(33))


@pytest.mark.parametrize("which", [5, 20])
def test_interrupted_run_flushes_nothing_as_the_rest_would_be_late(
    place: Place, forks: Forks, tmp_path: Path, which: int
) -> None:
    """In the first file of two, or in the second one."""
    place.add(*range(0, 2000, 2))
    place.add(*range(1, 2000, 2), name="in2.ndjson")
    run = [*RUN, "in2.ndjson", "--flush", "--threads", "1"]
    before = ("tools.state_calls:signal_at", which, signal.SIGTERM)
    ended = forks.run(run, b"", tmp_path, tmp_path / "streams", before)
    assert (ended.code, ended.err) == (143, "")
    facts = json.loads(place.run("state", "state", "--json").out)
    assert 0 < facts["lines"] < 2000 and facts["open_windows"]
    assert [each["position"] > 0 for each in facts["inputs"]] == [True, which == 20]
    assert place.run(*run) == Ended(0, b"", b"")
    assert place.text() == HEADER + "".join(minute(each, 60) for each in range(33)) + minute(33, 20)


@pytest.mark.parametrize("empty", ["a.ndjson", "z.ndjson"])
def test_an_empty_file_holds_nothing_back(place: Place, empty: str) -> None:
    run = ["run", "--state", "state", "-o", "report.csv", "*.ndjson"]
    place.add(name=empty)
    place.add(5, 65, 100)
    assert place.run(*run) == Ended(0, b"", b"")
    assert place.text() == HEADER + minute(0)
    place.add(110, 135)
    assert place.run(*run) == Ended(0, b"", b"")
    assert place.text() == HEADER + minute(0) + minute(1, 3)


def test_pipe_by_name_is_refused(place: Place) -> None:
    os.mkfifo(place.folder / "pipe")
    ended = place.run("run", "--state", "state", "pipe")
    assert (ended.code, ended.err.startswith("streamstat: pipe: cannot be used with --state")) == (2, True)


def test_state_shows_what_is_inside(place: Place) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    facts = json.loads(place.run("state", "state", "--json").out)
    assert (facts["commit"], facts["open_windows"], facts["watermark"]) == (1, 1, "1970-01-01T00:01:30Z")
    assert facts["inputs"][0]["position"] == 22
    assert facts["outputs"]["../report.csv"]["length"] == len(place.text())
    shown = place.run("state", "state").out
    for part in (
        "commit 1,",
        "--window tumbling:1m",
        "in.ndjson: byte 22",
        "1 open",
        "2 counted",
        "../report.csv",
    ):
        assert part in shown
    assert look(place.folder / "state").number == 1


def test_state_tells_which_inputs_nothing_more_is_awaited_of(place: Place) -> None:
    place.add(5)
    (place.folder / "old.gz").write_bytes(gzip.compress(b'{"ts": 1}\n'))
    assert place.run(*RUN, "old.gz").code == 0
    shown = [line for line in place.run("state", "state").out.splitlines() if line.startswith("input ")]
    assert [line.rpartition("/")[2] for line in shown] == [
        "in.ndjson: byte 10",
        "old.gz: byte 10, read through",
    ]


def test_state_shows_what_was_begun_under_follow(place: Place, forks: Forks) -> None:
    """Its limit of times needs the present, of which a plan without --follow knows nothing."""
    place.add(*range(2000))
    run = [*RUN, "--follow", "--max-ahead", "1h", "--threads", "1"]
    before = ("tools.state_calls:signal_at", 5, signal.SIGTERM)
    assert forks.run(run, b"", place.folder, place.folder / "streams", before).code == 143
    ended = place.run("state", "state")
    assert (ended.code, ended.err) == (0, "")
    assert "--max-ahead 1h" in ended.out


def test_state_of_nothing_is_a_missing_input(place: Place) -> None:
    ended = place.run("state", "nothing")
    assert (ended.code, ended.err.count("\n")) == (66, 1)


def test_a_run_that_can_use_nothing_commits_nothing(place: Place) -> None:
    (place.folder / "in.ndjson").write_text("a,b\n1,2\n")
    run = [*RUN, "--commit-every", "0s", "--bad-file", "bad"]
    ended = place.run(*run)
    assert (ended.code, ended.out, ended.err.count("\n")) == (65, "", 1)
    assert ended.err.startswith("streamstat: in.ndjson:1:1: none of 2 lines is a JSON object")
    found = look(place.folder / "state")
    assert (found.number, found.inputs) == (0, [])
    assert sorted(each.name for each in place.folder.iterdir()) == ["in.ndjson", "state", "streams"]
    (place.folder / "in.ndjson").write_text("")
    place.add(5, 75)
    assert place.run(*run) == Ended(0, b"", b"")
    assert place.text() == HEADER + minute(0)


def test_a_state_that_had_an_event_takes_a_run_that_has_none(place: Place) -> None:
    place.add(5, 75)
    assert place.run(*RUN).code == 0
    with (place.folder / "in.ndjson").open("a") as file:
        file.write("oops\n")
    ended = place.run(*RUN, "--stats", "stats.json")
    assert ended.code == 0
    assert ended.err.startswith("streamstat: lost of 1 line: 1 bad, first in.ndjson from byte 21:1:1: ")
    assert json.loads(place.text("stats.json"))["lines"] == 3
