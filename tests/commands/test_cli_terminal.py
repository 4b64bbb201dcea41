"""The command on a terminal: a table that fits, in bold and plain, and nothing of the data that steers it."""

import fcntl
import json
import os
import pty
import struct
import termios
from pathlib import Path

import pytest
from tools.commands import TIMEOUT_S, Ended, Forks, run, start
from tools.minute_rows import LINES


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


def on_a_terminal(arguments: list[str], data: bytes, width: int = 80) -> tuple[int, str, str]:
    """What a command says on a terminal: exit code, stdout, stderr, each on a terminal of its own."""
    terminals = [pty.openpty() for _ in range(2)]
    for _, side in terminals:
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = start(arguments, stdout=terminals[0][1], stderr=terminals[1][1])
    for _, side in terminals:
        os.close(side)
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.close()
    said = [_drain(main) for main, _ in terminals]
    return process.wait(TIMEOUT_S), said[0], said[1]


def _drain(terminal: int) -> str:
    parts = []
    while True:
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # how Linux says that the other side is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()


def test_table_on_a_terminal_with_bold_names() -> None:
    code, stdout, stderr = on_a_terminal(["run"], LINES)
    assert code == 0
    assert stdout.splitlines() == [
        "\x1b[1mwindow_start          window_end            count\x1b[0m",
        "1970-01-01T00:00:00Z  1970-01-01T00:01:00Z      1",
        "1970-01-01T00:01:00Z  1970-01-01T00:02:00Z      1",
    ]
    assert "event time is read from 'ts'" in stderr
    assert "2 lines = 2 counted" in stderr and "2 rows" in stderr


def test_the_format_is_said_before_the_field_of_the_time() -> None:
    code, _, stderr = on_a_terminal(["run"], b"ts,k,v\n1,a,2\n3,b,4\n")
    assert code == 0
    assert stderr.index("is read as csv") < stderr.index("event time is read from 'ts'")


def test_quiet_on_a_terminal_says_nothing() -> None:
    assert on_a_terminal(["run", "--quiet"], LINES)[2] == ""


def test_silent_on_a_terminal_says_nothing_even_of_losses() -> None:
    assert "1 bad" in on_a_terminal(["run", "--quiet"], LINES + b"oops\n")[2]
    assert on_a_terminal(["run", "--silent"], LINES + b"oops\n")[2] == ""


@pytest.mark.parametrize("form", ["table", "csv", "ndjson"])
def test_no_control_character_of_the_data_reaches_a_terminal(form: str) -> None:
    wild = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2066]))
    event = json.dumps({"ts": 1, "k": wild, wild: 1}).encode() + b"\n"
    code, stdout, stderr = on_a_terminal(["run", "-b", "k", "-f", form], event + b"\x1b]0;owned\x07\n", 400)
    assert code == 0
    plain = stdout.replace("\x1b[1m", "").replace("\x1b[0m", "")
    said = plain + stderr.replace("\r\x1b[K", "")
    assert {c for c in said if c in wild} <= {"\r", "\n"}
    assert plain.count("\n") == (1 if form == "ndjson" else 2)


def test_file_name_with_control_characters_is_spelt_out(forks: Forks, tmp_path: Path) -> None:
    ended = forks.run(["run", "a\x1b[31m\nb"], b"", tmp_path, tmp_path)
    assert (ended.code, ended.err.count("\n"), "\x1b" in ended.err) == (66, 1, False)


def test_table_is_cut_to_the_width_of_the_terminal() -> None:
    event = json.dumps({"ts": 1, "k": "x" * 300}).encode() + b"\n"
    _, stdout, _ = on_a_terminal(["run", "-b", "k"], event, 100)
    assert max(map(len, stdout.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines())) == 100
