"""The command as a process: descriptors, signals, pipes, terminals, half-broken inputs and outputs."""

import fcntl
import gzip
import io
import json
import os
import pty
import select
import signal
import struct
import subprocess
import termios
from pathlib import Path

import pyarrow.parquet
import pytest
from commands import TIMEOUT_S, Ended, Forks, run, start

from streamstat.plan import Plan

LINES = b'{"ts": 1, "v": 2}\n{"ts": 61, "v": 3}\n'
HEADER = "window_start,window_end,count\n"
FIRST = "1970-01-01T00:00:00Z,1970-01-01T00:01:00Z,1\n"
SECOND = "1970-01-01T00:01:00Z,1970-01-01T00:02:00Z,1\n"


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.ndjson"
    path.write_bytes(LINES)
    return path


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Events whose rows fill any pipe."""
    path = tmp_path / "many.ndjson"
    path.write_text("".join(f'{{"ts": {60 * i}}}\n' for i in range(50_000)))
    return path


# A process of its own.


def test_rows_go_to_stdout_and_nothing_to_stderr(events: Path) -> None:
    assert run(["run", str(events)]) == Ended(0, (HEADER + FIRST + SECOND).encode(), b"")


def test_version() -> None:
    ended = run(["--version"])
    assert (ended.code, ended.out.split()[0], ended.err) == (0, "streamstat", "")


def test_wrong_option_names_the_right_one() -> None:
    ended = run(["run", "--windw", "all"])
    assert (ended.code, ended.stdout) == (2, b"")
    assert ended.err.startswith("streamstat: ") and "--window" in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["runn"], "run"),
        (["run", "--threads", "0"], "--threads"),
        (["run", "--threads", "many"], "--threads"),
        (["run", "--window"], "--window"),
        (["run", "-y"], "-y"),
        (["run", "--where", "country = 1"], "--where"),
        (["run", "--where", "matches(x, '(')"], "RE2"),
        ([], "ommand"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(
    forks: Forks, tmp_path: Path, arguments: list[str], word: str
) -> None:
    ended = forks.run(arguments, b"", tmp_path, tmp_path)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith("streamstat: ") and word in ended.err


def test_help_names_every_option_of_a_plan(forks: Forks, tmp_path: Path) -> None:
    text = forks.run(["run", "--help"], b"", tmp_path, tmp_path).out
    for name in Plan.__dataclass_fields__:
        assert f"--{name.replace('_', '-')}" in text


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


def test_stats_are_json_in_a_file(events: Path, tmp_path: Path) -> None:
    assert run(["run", str(events), "--stats", str(tmp_path / "s.json")]).code == 0
    ledger = json.loads((tmp_path / "s.json").read_text())
    assert ledger.pop("seconds") >= 0
    assert ledger == {
        "lines": 2,
        "blank": 0,
        "bad": 0,
        "punctuation": 0,
        "no_time": 0,
        "future": 0,
        "filtered": 0,
        "unassigned": 0,
        "late": 0,
        "counted": 2,
        "late_assignments": 0,
        "max_lateness": 0.0,
        "uncorrected": 0,
        "clock_jumps": 0,
        "bad_values": 0,
        "rows": 2,
        "corrections": 0,
        "retractions": 0,
        "watermark": "inf",
        "bytes": len(LINES),
        "interrupted": False,
    }


def test_stats_on_stderr(events: Path) -> None:
    ended = run(["run", str(events), "--stats", "-"])
    assert json.loads(ended.err)["counted"] == 2
    assert ended.out == HEADER + FIRST + SECOND


def test_options_and_ledger_are_in_the_parquet_file(events: Path, tmp_path: Path) -> None:
    path = tmp_path / "r.parquet"
    assert run(["run", str(events), "-o", str(path), "-w", "tumbling:30s"]) == Ended(0, b"", b"")
    metadata = pyarrow.parquet.read_metadata(path).metadata
    assert json.loads(metadata[b"streamstat.options"])["window"] == "tumbling:30s"
    assert json.loads(metadata[b"streamstat.ledger"])["counted"] == 2


def test_any_number_of_threads_gives_the_same_bytes(forks: Forks, many: Path, tmp_path: Path) -> None:
    arguments = ["run", str(many), "-w", "hopping:1h/10m", "-a", "mean(ts)", "-a", "p99(ts)", "-a", "new(ts)"]
    one, three = (forks.run([*arguments, "--threads", n], b"", tmp_path, tmp_path) for n in ("1", "3"))
    assert one == three
    assert one.out.count("\n") > 5000


def test_one_byte_at_a_time_gives_the_same_bytes(events: Path) -> None:
    whole = run(["run", "--delay", "0s"], LINES)
    process = start(["run", "--delay", "0s"])
    assert process.stdin is not None
    for i in range(len(LINES)):
        os.write(process.stdin.fileno(), LINES[i : i + 1])
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    assert Ended(process.returncode, stdout, stderr) == whole


# Pipes and devices that end or are full.


@pytest.mark.parametrize("form", ["csv", "table", "ndjson"])
def test_full_device_is_one_line_and_code_74(events: Path, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run(["run", str(events), "-f", form], stdout=full)
    assert ended == Ended(74, b"", ended.stderr)
    assert ended.err == "streamstat: stdout: no space left on device; free some room, or name another place\n"


def test_report_on_a_full_device_is_code_74(events: Path) -> None:
    ended = run(["run", str(events), "-o", "/dev/full"])
    assert (ended.code, ended.out, ended.err.count("\n")) == (74, "", 1)
    assert ended.err.startswith("streamstat: /dev/full: no space left on device")


def test_report_into_a_fifo_is_written_directly(events: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    process = start(["run", str(events), "-o", str(fifo)])
    assert fifo.read_text() == HEADER + FIRST + SECOND
    assert process.wait(TIMEOUT_S) == 0
    assert fifo.is_fifo()
    process.communicate()


def test_output_that_may_not_be_written_is_code_73(events: Path) -> None:
    ended = run(["run", str(events), "-o", "/proc/report.csv"])
    assert (ended.code, ended.out, ended.err.count("\n")) == (73, "", 1)


# Rows as they come.


class Reading:
    """Lines of a process's stdout, each within a time that only failure reaches."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None and process.stdout is not None
        self._in, self._out = process.stdin.fileno(), process.stdout.fileno()
        self._rest = b""

    def say(self, line: bytes) -> None:
        os.write(self._in, line)

    def line(self) -> str:
        while b"\n" not in self._rest:
            assert select.select([self._out], [], [], TIMEOUT_S)[0], "no row came"
            more = os.read(self._out, 1 << 16)
            assert more, "the rows ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()


@pytest.mark.parametrize("threads", ["1", "4"])
def test_each_row_comes_as_soon_as_its_window_fires(threads: str) -> None:
    process = start(["run", "-w", "tumbling:1s", "-t", "ts", "--delay", "0s", "--threads", threads])
    reading = Reading(process)
    reading.say(b'{"ts": 0}\n')
    assert reading.line() == HEADER.strip()
    for second in range(1, 6):
        reading.say(b'{"ts": %d}\n' % second)
        assert reading.line().split(",")[1] == f"1970-01-01T00:00:0{second}Z"
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, stdout.count(b"\n"), stderr) == (0, 1, b"")


def test_a_promise_fires_at_once() -> None:
    process = start(["run", "--punctuation", "w", "-t", "ts", "-f", "ndjson"])
    reading = Reading(process)
    reading.say(b'{"ts": 1}\n{"w": 60}\n')
    assert json.loads(reading.line())["count"] == 1
    process.communicate(timeout=TIMEOUT_S)


# Signals.


def interrupted(arguments: list[str], *signals: int) -> Ended:
    """A run that has read two lines and waits for more gets signals, one by one."""
    process = start(["run", "-t", "ts", "--delay", "0s", *arguments])
    reading = Reading(process)
    reading.say(LINES)
    head = reading.line() + "\n" + reading.line() + "\n"
    for number in signals:
        process.send_signal(number)
    stdout, stderr = process.communicate(timeout=TIMEOUT_S)
    return Ended(process.returncode, head.encode() + stdout, stderr)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_as_the_end_of_input_does(tmp_path: Path, number: int, code: int) -> None:
    report, stats = tmp_path / "r.csv", tmp_path / "s.json"
    ended = interrupted(["-o", "-", "-o", str(report), "--stats", str(stats)], number)
    assert ended == Ended(code, (HEADER + FIRST + SECOND).encode(), b"")
    assert report.read_text() == HEADER + FIRST + SECOND
    assert json.loads(stats.read_text())["interrupted"] is True


# Compressed inputs that end too early.


def test_truncated_gzip_counts_its_complete_lines(tmp_path: Path) -> None:
    lines = b"".join(b'{"ts": %d, "v": "%d"}\n' % (i, i * i) for i in range(1000))
    path = tmp_path / "cut.gz"
    packed = gzip.compress(lines)
    path.write_bytes(packed[: len(packed) // 2])
    report = tmp_path / "r.csv"
    ended = run(["run", "-w", "all", str(path), "-o", str(report), "-o", "-"])
    assert ended.code == 74
    assert ended.err.startswith(f"streamstat: {path}: ") and ended.err.count("\n") == 1
    counted = int(ended.out.splitlines()[1].split(",")[2])
    partial = gzip.GzipFile(fileobj=io.BytesIO(path.read_bytes()))
    whole_lines = 0
    with pytest.raises(EOFError):
        while partial.read1(1):
            whole_lines = max(whole_lines, lines[: partial.tell()].count(b"\n"))
    assert counted == whole_lines > 100
    assert report.read_text() == ended.out


def test_file_after_a_truncated_one_is_read(tmp_path: Path) -> None:
    cut, whole = tmp_path / "cut.gz", tmp_path / "whole.ndjson"
    cut.write_bytes(gzip.compress(LINES)[:-4])
    whole.write_bytes(LINES)
    ended = run(["run", "-w", "all", str(cut), str(whole)])
    assert (ended.code, ended.out.splitlines()[1].split(",")[2]) == (74, "4")


# Terminals.


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


def test_quiet_on_a_terminal_says_nothing() -> None:
    assert on_a_terminal(["run", "--quiet"], LINES)[2] == ""


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


# Bytes that are no text.


def test_late_and_bad_lines_are_kept_byte_for_byte(forks: Forks, tmp_path: Path) -> None:
    late = b'{"ts":5,"k":"\\ud800"} \t\r\n'
    bad = [b"\xff\xfe\n", b'{"k": "\xc3"}\r\n', b"\x00\n", b'{"ts": 9\xa0}']
    data = b'{"ts": 1}\n{"ts": 100}\n' + late + b"".join(bad)
    arguments = ["run", "--delay", "0s", "--late-file", "late", "--bad-file", "bad"]
    streams = tmp_path / "streams"
    streams.mkdir()
    ended = forks.run(arguments, data, tmp_path, streams)
    assert ended.code == 0
    assert (tmp_path / "late").read_bytes() == late
    assert (tmp_path / "bad").read_bytes() == b"".join(bad)
    assert ended.err == (
        "streamstat: lost of 7 lines: 1 late, 4 bad; "
        "first -:4:1: expected a value; -:5:8: not UTF-8; -:6:1: expected a value\n"
    )


def test_line_that_is_too_long_is_kept_whole(forks: Forks, tmp_path: Path) -> None:
    long = b'{"ts": 1, "a": "' + b"x" * (17 << 20) + b'"}\n'
    streams = tmp_path / "streams"
    streams.mkdir()
    ended = forks.run(["run", "--bad-file", "bad"], LINES + long + LINES, tmp_path, streams)
    assert [row[-1] for row in ended.out.splitlines()[1:]] == ["2", "2"]
    assert "-:3: longer than 16 MiB" in ended.err
    assert (tmp_path / "bad").read_bytes() == long
