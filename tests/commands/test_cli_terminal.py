"""The command on a terminal: a table that fits, in bold and plain, and nothing of the data that steers it."""

import json
import os
import pty
from pathlib import Path

import pytest
from tools.commands import Ended, Forks, run
from tools.minute_rows import LINES
from tools.terminals import on_a_terminal


def test_stdin_that_is_a_terminal_gets_an_example() -> None:
    main, side = pty.openpty()
    ended = run(["run"], stdin=side)
    os.close(side)
    os.close(main)
    assert ended == Ended(
        2,
        b"",
        b"streamstat: INPUT: nothing to read: stdin is a terminal; "
        b"for example: streamstat run access.ndjson, or: cat access.ndjson | streamstat run\n",
    )


def test_table_on_a_terminal_with_bold_names() -> None:
    shown = on_a_terminal(["run"], LINES)
    assert shown.code == 0
    assert shown.stdout.splitlines() == [
        "1970-01-01 UTC",
        "\x1b[1mwindow_start  count\x1b[0m",
        "00:00:00          1",
        "00:01:00          1",
    ]
    assert "event time is read from 'ts'" in shown.stderr
    assert "2 lines = 2 counted" in shown.stderr and "2 rows" in shown.stderr


def test_the_format_is_said_before_the_field_of_the_time() -> None:
    shown = on_a_terminal(["run"], b"ts,k,v\n1,a,2\n3,b,4\n")
    assert shown.code == 0
    assert shown.stderr.index("is read as csv") < shown.stderr.index("event time is read from 'ts'")


def test_quiet_on_a_terminal_says_nothing() -> None:
    assert on_a_terminal(["run", "--quiet"], LINES).stderr == ""


def test_silent_on_a_terminal_says_nothing_even_of_losses() -> None:
    assert "1 bad" in on_a_terminal(["run", "--quiet"], LINES + b"oops\n").stderr
    assert on_a_terminal(["run", "--silent"], LINES + b"oops\n").stderr == ""


@pytest.mark.parametrize("form", ["table", "vertical", "csv", "ndjson"])
def test_no_control_character_of_the_data_reaches_a_terminal(form: str) -> None:
    wild = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2066]))
    event = json.dumps({"ts": 1, "k": wild, wild: 1}).encode() + b"\n"
    shown = on_a_terminal(["run", "-b", "k", "-f", form], event + b"\x1b]0;owned\x07\n", 400)
    assert shown.code == 0
    plain = shown.stdout.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert {c for c in plain + shown.stderr if c in wild} <= {"\r", "\n"}
    assert plain.count("\n") == {"ndjson": 1, "csv": 2, "table": 3, "vertical": 4}[form]


def test_file_name_with_control_characters_is_spelt_out(forks: Forks, tmp_path: Path) -> None:
    ended = forks.run(["run", "a\x1b[31m\nb"], b"", tmp_path, tmp_path)
    assert (ended.code, ended.err.count("\n"), "\x1b" in ended.err) == (66, 1, False)


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_table_is_cut_to_the_width_of_the_terminal(width: int) -> None:
    event = json.dumps({"ts": 1, "k": "x" * 300}).encode() + b"\n"
    stdout = on_a_terminal(["run", "-b", "k"], event, width).stdout
    assert max(map(len, stdout.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines())) == width


@pytest.mark.parametrize("more", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
@pytest.mark.parametrize("arguments", [["run"], ["help"], ["help", "ledger"]])
def test_nothing_is_bold_where_nobody_wants_it(arguments: list[str], more: dict[str, str]) -> None:
    assert "\x1b[1m" in on_a_terminal(arguments, LINES, 80, {"PAGER": "cat"}).stdout
    shown = on_a_terminal(arguments, LINES, 80, {"PAGER": "cat", **more})
    assert "\x1b" not in shown.stdout + shown.stderr


def test_a_dumb_terminal_gets_no_pager() -> None:
    more = {"PAGER": "printf paged", "TERM": "dumb"}
    assert on_a_terminal(["help"], b"", 80, {"PAGER": "printf paged"}).stdout == "paged"
    assert on_a_terminal(["help"], b"", 80, more).stdout.startswith("Topics\n")


def test_files_that_were_written_are_named(tmp_path: Path) -> None:
    files = ["-o", "r.csv", "--bad-file", "bad", "--lost-file", "lost", "--stats", "s.json"]
    stderr = on_a_terminal(
        ["run", *files, "--delay", "0s"], LINES + b"oops\n" + LINES, 80, cwd=tmp_path
    ).stderr
    assert stderr.splitlines()[1:-1] == [
        "streamstat: lost of 5 lines: 1 late, first -:4",
        "streamstat: lost of 5 lines: 1 bad, first -:3:1: expected a value",
        "streamstat: wrote r.csv (2 rows)",
        "streamstat: wrote bad (1 line)",
        "streamstat: wrote lost (2 lines)",
        "streamstat: wrote s.json",
    ]
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 3


def test_what_a_state_has_added_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.ndjson").write_bytes(LINES)
    command = ["run", "--state", "state", "-o", "r.csv", "--bad-file", "bad", "--delay", "0s", "in.ndjson"]
    said = [on_a_terminal(command, b"", 80, cwd=tmp_path).stderr for _ in range(2)]
    assert ["wrote r.csv (1 row)" in each for each in said] == [True, False]
    assert ["wrote bad" in each for each in said] == [False, False]


def test_no_file_is_named_that_was_not_written(tmp_path: Path) -> None:
    strict = ["run", "--strict", "-b", "nothing", "-o", "r.csv"]
    shown = on_a_terminal(strict, LINES, 80, cwd=tmp_path)
    assert (shown.code, "wrote" in shown.stderr, (tmp_path / "r.csv").exists()) == (65, False, False)
    assert on_a_terminal([*strict[:1], "--quiet", "-o", "r.csv"], LINES, 80, cwd=tmp_path).stderr == ""
