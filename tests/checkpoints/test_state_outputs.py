"""`--state` and its outputs: what grows from run to run, what is not ours, what somebody changed."""

import re
import shutil
import signal
import subprocess

import pyarrow.parquet
import pytest
from tools.commands import Ended, Forks
from tools.minute_rows import HEADER, minute
from tools.state_place import RUN, Place

from streamstat.checkpoints.folder import look


def test_late_and_bad_lines_are_appended(place: Place) -> None:
    files = ["--late-file", "late", "--bad-file", "bad"]
    place.add(5, 100, 1)
    (place.folder / "in.ndjson").open("a").write("one\n")
    assert place.run(*RUN, *files).code == 0
    place.add(2)
    (place.folder / "in.ndjson").open("a").write("two\n")
    assert place.run(*RUN, *files).code == 0
    assert (place.text("late"), place.text("bad")) == ('{"ts": 1}\n{"ts": 2}\n', "one\ntwo\n")


@pytest.mark.parametrize("name", ["report.csv", "report.ndjson.zst", "report.prom", "report.parquet"])
@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_output_that_is_not_ours_is_never_touched(place: Place, name: str, kind: str) -> None:
    place.add(5, 100)
    path = place.folder / name
    if kind == "file":
        path.write_text("mine")
    elif kind == "link":
        (place.folder / "target").mkdir()
        path.symlink_to("target")
    else:
        path.mkdir()
        (path / "part-000001.parquet").write_text("mine")
    before = sorted(place.folder.glob("[!s]*/**"))
    ended = place.run("run", "--state", "state", "-o", name, "in.ndjson")
    assert (ended.code, ended.err.count("\n")) == (73, 1)
    assert sorted(place.folder.glob("[!s]*/**")) == before
    assert (kind != "file") or path.read_text() == "mine"


@pytest.mark.parametrize("damage", ["shorter", "changed", "replaced by a link"])
def test_report_that_somebody_changed_is_refused(place: Place, damage: str) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    path, text = place.folder / "report.csv", place.text()
    if damage == "replaced by a link":
        path.rename(place.folder / "other")
        path.symlink_to("other")
    else:
        path.write_text(text[:-1] if damage == "shorter" else text.replace(",1\n", ",2\n"))
    before = path.read_text()
    ended = place.run(*RUN)
    assert (ended.code, path.read_text()) == (73, before)
    assert "move it away" in ended.err


def test_report_that_was_moved_away_begins_anew_and_says_so(place: Place) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    (place.folder / "report.csv").rename(place.folder / "june.csv")
    place.add(150)
    ended = place.run(*RUN)
    assert (ended.code, "report.csv is gone and begins anew" in ended.err) == (0, True)
    assert (place.text("june.csv"), place.text()) == (HEADER + minute(0), HEADER + minute(1))


def test_rows_that_a_killed_run_has_left_behind_are_cut_off(place: Place, forks: Forks) -> None:
    """Killed at the second sync: the first one is of the note that it begins to write."""
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    place.add(150)
    calls = place.folder / "calls"
    before = ("tools.state_calls:note_calls", str(calls), 100)
    copy = place.folder / "copy"
    copy.mkdir()
    for name in ("in.ndjson", "report.csv"):
        shutil.copy2(place.folder / name, copy)
    shutil.copytree(place.folder / "state", copy / "state")
    assert forks.run(RUN, b"", copy, place.folder / "streams", before).code == 0
    names = calls.read_text().split()
    number = [i for i, name in enumerate(names, 1) if name == "fsync"][2]
    killed = ("tools.state_calls:kill_at", number, 100)
    assert forks.run(RUN, b"", place.folder, place.folder / "streams", killed).code == -signal.SIGKILL
    assert place.text() == HEADER + minute(0) + minute(1)
    with (place.folder / "report.csv").open("a") as file:
        file.write("half a ro")
    calls.unlink()
    assert forks.run(RUN, b"", place.folder, place.folder / "streams", before) == Ended(0, b"", b"")
    assert place.text() == HEADER + minute(0) + minute(1)
    # The end of this run says that nothing is behind the report; without a sync the tail could come back.
    names = calls.read_text().split()
    assert names[names.index("ftruncate") + 1] == "fsync"


LINES = ["--late-file", "late", "--bad-file", "bad", "-o", "report.tsv.gz"]


@pytest.mark.parametrize("name", ["report.csv", "report.tsv.gz", "late", "bad"])
@pytest.mark.parametrize("remedy", ["truncate", "move"])
def test_lines_that_somebody_appended_are_refused_and_both_remedies_work(
    place: Place, name: str, remedy: str
) -> None:
    place.add(5, 100, 1)
    (place.folder / "in.ndjson").open("a").write("one\n")
    assert place.run(*RUN, *LINES).code == 0
    path = place.folder / name
    before = path.read_bytes()
    with path.open("a") as file:
        file.write("a remark\n")
    place.add(150)
    for _ in range(2):
        ended = place.run(*RUN, *LINES)
        assert (ended.code, ended.err.count("\n"), path.read_bytes()) == (73, 1, before + b"a remark\n")
        assert f"{name}: has 9 bytes that this state did not write" in ended.err
    if remedy == "truncate":
        subprocess.run(re.findall("truncate -s [0-9]+ [^ ]+", ended.err)[0].split(), check=True)
    else:
        path.rename(place.folder / "june")
    assert place.run(*RUN, *LINES).code == 0
    assert (name != "report.csv") or place.text() == HEADER + minute(0) * (remedy == "truncate") + minute(1)


def test_lines_appended_after_an_interrupt_are_refused_too(place: Place, forks: Forks) -> None:
    place.add(*range(2000))
    before = ("tools.state_calls:signal_at", 5, signal.SIGTERM)
    run = [*RUN, "--threads", "1"]
    assert forks.run(run, b"", place.folder, place.folder / "streams", before).code == 143
    with (place.folder / "report.csv").open("a") as file:
        file.write("a remark\n")
    assert place.run(*run).code == 73


def test_run_with_nothing_new_writes_no_note_and_one_with_rows_a_single_one(
    place: Place, forks: Forks
) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    fsyncs: list[int] = []
    note = place.folder / "state" / "writing"
    for seconds in ((), (150,), (170, 230), ()):
        place.add(*seconds)
        calls = place.folder / f"calls{len(fsyncs)}"
        before = ("tools.state_calls:note_calls", str(calls), 100)
        assert forks.run(RUN, b"", place.folder, place.folder / "streams", before).code == 0
        fsyncs.append(calls.read_text().split().count("fsync"))
        assert note.exists() == (len(fsyncs) > 1)
    # The checkpoint and its folder; the report; the note, and the first time its folder.
    assert fsyncs == [3, 6, 5, 3]


def test_run_of_many_commits_notes_its_writing_before_the_first_only(place: Place, forks: Forks) -> None:
    place.add(5, 100)
    assert place.run(*RUN).code == 0
    place.add(*range(110, 3000))
    before = ("tools.state_calls:commit_often", 4)
    run = [*RUN, "--threads", "1"]
    assert forks.run(run, b"", place.folder, place.folder / "streams", before).code == 0
    assert look(place.folder / "state").number > 5
    assert place.text("state/writing") == "1\n"


def parts(place: Place) -> list[str]:
    return sorted(path.name for path in (place.folder / "report.parquet").iterdir())


def test_parquet_parts_have_the_types_of_the_first(place: Place) -> None:
    run = ["run", "--state", "state", "-b", "k", "-o", "report.parquet", "in.ndjson"]
    file = (place.folder / "in.ndjson").open("a", buffering=1)
    file.write('{"ts": 5, "k": 1}\n{"ts": 75, "k": 2}\n')
    assert place.run(*run).code == 0
    file.write('{"ts": 140, "k": 3}\n')
    assert place.run(*run).code == 0
    assert parts(place) == ["part-000001.parquet", "part-000002.parquet"]
    table = pyarrow.parquet.read_table(place.folder / "report.parquet")
    assert table.column("k").to_pylist() == [1, 2]
    file.write('{"ts": 145, "k": "x"}\n{"ts": 200, "k": "x"}\n')
    ended = place.run(*run)
    problem = "column k is int64, but a row has a value that does not fit; begin anew with --type k=string"
    assert (ended.code, ended.err) == (65, f"streamstat: {place.folder}/report.parquet: {problem}\n")
    assert parts(place) == ["part-000001.parquet", "part-000002.parquet"]
    assert (
        place.run(
            *run[:2], "again", *run[3:-3], "-o", "again.parquet", "--type", "k=string", "in.ndjson"
        ).code
        == 0
    )
    again = pyarrow.parquet.read_table(place.folder / "again.parquet")
    assert again.column("k").to_pylist() == ["1", "2", "3", "x"]


@pytest.mark.parametrize("text", ["k", "k=text", "count=int64", "nothing=string"])
def test_wrong_type_option_is_one_line(place: Place, text: str) -> None:
    place.add(1)
    ended = place.run("run", "in.ndjson", "-b", "k", "--type", text)
    assert (ended.code, ended.err.startswith("streamstat: --type: ")) == (2, True)


def test_parts_taken_away_by_a_reader_are_not_written_again(place: Place) -> None:
    run = ["run", "--state", "state", "-o", "report.parquet", "in.ndjson"]
    place.add(5, 75)
    assert place.run(*run).code == 0
    (place.folder / "report.parquet" / "part-000001.parquet").unlink()
    place.add(140)
    assert place.run(*run).code == 0
    assert parts(place) == ["part-000002.parquet"]


@pytest.mark.parametrize("name", ["report.csv", "report.tsv.gz", "report.prom", "report.parquet", "-"])
def test_commit_of_one_report_takes_four_fsyncs_at_most(place: Place, forks: Forks, name: str) -> None:
    place.add(*range(0, 6000, 5))
    run = ["run", "--state", "state", "-o", name, "in.ndjson", "--threads", "1"]
    calls = place.folder / "calls"
    before = ("tools.state_calls:note_calls", str(calls))
    assert forks.run(run, b"", place.folder, place.folder / "streams", before).code == 0
    commits, fsyncs = look(place.folder / "state").number, calls.read_text().split().count("fsync")
    assert commits > 10
    assert 2 * commits < fsyncs <= 4 * commits + 4  # the new state and its folder, and that of the report


OWED = ["run", "--state", "state", "in.ndjson"]


def owe(place: Place, *seconds: int, form: str = "csv") -> None:
    """A run whose rows are committed, and then found no reader."""
    place.add(*seconds)
    before = ("tools.state_calls:fail_to_print",)
    ended = place.forks.run([*OWED, "-f", form], b"", place.folder, place.folder / "streams", before)
    assert (ended.code, ended.out) == (74, "")


@pytest.mark.parametrize("every", ["0s", "30s"])
def test_rows_owed_to_stdout_come_with_their_heading_to_a_run_without_rows(place: Place, every: str) -> None:
    owe(place, 5, 75)
    assert place.run(*OWED, "--commit-every", every).out == HEADER + minute(0)
    assert place.run(*OWED, "--commit-every", every).out == ""


@pytest.mark.parametrize("every", ["0s", "30s"])
def test_rows_owed_and_new_ones_have_one_heading(place: Place, every: str) -> None:
    owe(place, 5, 75)
    place.add(140)
    assert place.run(*OWED, "--commit-every", every).out == HEADER + minute(0) + minute(1)


def test_rows_that_are_owed_twice_have_one_heading(place: Place) -> None:
    owe(place, 5, 75)
    owe(place, 140)
    assert place.run(*OWED).out == HEADER + minute(0) + minute(1)


def test_rows_owed_in_another_format_are_as_they_were_written(place: Place) -> None:
    owe(place, 5, 75, form="ndjson")
    place.add(140)
    ended = place.run(*OWED)
    row = '{"window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:01:00Z","count":1}\n'
    assert ended.out == row + HEADER + minute(1)
