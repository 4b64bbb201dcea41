"""`--live`: what stands on the screen, keys and sizes, and a terminal that is left as it was."""

import json
import os
import signal
import subprocess
import termios
from pathlib import Path

import pytest
from tools.terminals import on_a_terminal
from tools.viewed import MAIN_SCREEN, OTHER_SCREEN, viewed

FIRST = [{"ts": 0, "k": "a"}, {"ts": 1, "k": "b"}, {"ts": 2, "k": "b"}]
NEXT = [{"ts": 70, "k": "a"}, {"ts": 71, "k": "c"}]
OPTIONS = ("-b", "k", "-a", "n=count()", "--delay", "5s")


def written(path: Path, *events: object) -> None:
    with path.open("a") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log with a window that is open."""
    written(tmp_path / "app.ndjson", *FIRST)
    return tmp_path / "app.ndjson"


def test_windows_grow_and_fire_in_place(log: Path) -> None:
    with viewed(log.parent, *OPTIONS, "-o", "r.csv", log.name) as view:
        view.shows(
            "3 lines",
            "Open windows: 2 rows",
            "00:00:00      b  2",
            "00:00:00      a  1",
            "nothing lost",
            "0 rows fired",
        )
        written(log, {"ts": 3, "k": "a"}, {"ts": 4, "k": "a"})
        view.shows("5 lines", "00:00:00      a  3")
        written(log, *NEXT, "oops")
        view.shows("2 rows fired", "lost: 1 bad", "Fired last", "00:01:00      c  1", "00:00:00      a  3")
        assert (view.lines[0], view.screen.cursor.hidden) == ("app.ndjson" + " " * 64 + "q ends", True)
        view.press(b"q")
        assert view.ended() == 130
        assert termios.tcgetattr(view.side) == view.modes
        last = view.written.rpartition(MAIN_SCREEN)[2].decode()
    assert view.written.count(OTHER_SCREEN) == 1
    assert "00:01:00      c  1" in last and "7 lines" not in last and "8 lines = 1 bad + 7 counted" in last
    assert "wrote r.csv (4 rows)" in last and "1 bad" in last
    rows = (log.parent / "r.csv").read_text().splitlines()[1:]
    assert [row.partition("Z,")[2].partition("Z,")[2] for row in rows] == ["a,3", "b,2", "a,1", "c,1"]


def test_without_a_file_rows_are_seen_in_the_view_alone(log: Path) -> None:
    with viewed(log.parent, *OPTIONS, log.name) as view:
        view.shows("00:00:00      b  2")
        view.press(b"xq")
        assert view.ended() == 130
    assert b"window_start,window_end" not in view.written


def test_rows_go_to_a_pipe_beside_it(log: Path) -> None:
    with viewed(log.parent, *OPTIONS, log.name, stdout=subprocess.PIPE) as view:
        view.shows("00:00:00      b  2")
        view.press(b"q")
        assert view.ended() == 130
        assert view.process.stdout is not None
        assert view.process.stdout.read().decode().splitlines()[1:] == [
            "1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,a,1",
            "1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,b,2",
        ]


def test_data_on_stdin_are_no_keys(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with viewed(tmp_path, *OPTIONS, "-", stdin=reading) as view:
        os.write(writing, b'{"ts": 1, "k": "q"}\n')
        view.shows("00:00:00      q  1")
        os.write(writing, b'{"ts": 2, "k": "q"}\n')
        view.shows("00:00:00      q  2")
        view.press(b"q")
        assert view.ended() == 130
    os.close(reading)
    os.close(writing)


def test_another_size_is_another_view(log: Path) -> None:
    with viewed(log.parent, *OPTIONS, "-a", "top(k, 3)", log.name, width=100, height=30) as view:
        view.shows("Busiest groups: n in open windows")
        view.resize(40, 10)
        view.until(lambda: view.lines[0].endswith("q ends") and "Busiest" not in view.text)
        view.shows("00:00:00      b  2")
        assert view.lines[0] == "app.ndjson" + " " * 24 + "q ends"
        view.resize(80, 24)
        view.shows("Busiest groups: n in open windows", "app.ndjson" + " " * 64 + "q ends")


def test_ctrl_c_does_the_same(log: Path) -> None:
    with viewed(log.parent, *OPTIONS, log.name) as view:
        view.shows("00:00:00      b  2")
        view.press(b"\x03")
        assert view.ended() == 130
        assert termios.tcgetattr(view.side) == view.modes
        assert view.written.rpartition(MAIN_SCREEN)[2].count(b"\x1b[?25l") == 0


def test_suspended_it_gives_the_terminal_back_and_comes_again(log: Path) -> None:
    with viewed(log.parent, *OPTIONS, log.name) as view:
        view.shows("00:00:00      b  2")
        # Without a shell above it nothing stops it: it goes on as if it had been continued at once.
        view.process.send_signal(signal.SIGTSTP)
        view.until(lambda: view.written.count(OTHER_SCREEN) == 2)
        assert view.written.index(MAIN_SCREEN) < view.written.rindex(OTHER_SCREEN)
        view.press(b"q")
        assert view.ended() == 130 and termios.tcgetattr(view.side) == view.modes


def test_no_text_of_the_log_steers_the_terminal(tmp_path: Path) -> None:
    wild = "\x1b[31m\x07[bold]\u202e\x9b2J"
    written(tmp_path / "app.ndjson", {"ts": 1, "k": wild}, {"ts": 70, "k": wild})
    with viewed(tmp_path, *OPTIONS, "app.ndjson") as view:
        view.shows("\\x1b[31m\\x07[bold]\\u202e\\x9b2J  1", "Fired last", "Busiest")
        view.press(b"q")
        assert view.ended() == 130
    assert b"\x1b[31m" not in view.written and b"\x07" not in view.written


def test_a_verb_without_open_windows_says_what_waits(log: Path) -> None:
    events = ("-d", 'b=k == "b"', "--within", "1m", "b{2} -> b", log.name)
    with viewed(log.parent, *events, verb="match") as view:
        view.shows("3 lines", "Open: ", "values come when they fire")


def test_an_error_leaves_the_terminal_as_it_was(log: Path) -> None:
    with viewed(log.parent, *OPTIONS, "--strict", log.name) as view:
        view.shows("00:00:00      b  2")
        written(log, "oops")
        assert view.ended() == 65 and termios.tcgetattr(view.side) == view.modes
    assert b"not a JSON object" in view.written.rpartition(MAIN_SCREEN)[2]


@pytest.mark.parametrize(
    ("more", "variables", "said"),
    [
        ([], {}, "means nothing without --follow; for example --follow --live app.log"),
        (
            ["--follow", "-f", "csv"],
            {},
            "takes the whole terminal, so rows cannot go there, too; -o report.csv",
        ),
        (["--follow", "-o", "-"], {}, "takes the whole terminal"),
        (["--follow"], {"TERM": "dumb"}, "needs a terminal that can do more than TERM=dumb; -f table"),
    ],
)
def test_where_there_is_no_place_for_it(more: list[str], variables: dict[str, str], said: str) -> None:
    shown = on_a_terminal(["run", "--live", *more], b'{"ts": 1}\n', 80, variables)
    assert (shown.code, shown.stdout) == (2, "")
    assert shown.stderr.startswith(f"streamstat: --live: {said}")
