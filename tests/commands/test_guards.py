"""What the command must withstand: signals at bad moments, closed streams, outputs that would clobber one another."""

import os
import select
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools import commands
from tools.commands import TIMEOUT_S, Ended, Forks, run, start

import streamstat
from streamstat import Plan
from streamstat.commands.line_files import Spool
from streamstat.common.errors import ReadWriteError, UsageError
from streamstat.plan.meaning import job_of

LINES = b'{"ts": 1, "k": "a", "v": 2}\n{"ts": 61, "k": "b", "v": 3}\n'
HEADER = b"window_start,window_end,count\n"


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.ndjson"
    path.write_bytes(LINES)
    return path


def test_second_interrupt_leaves_no_report(tmp_path: Path) -> None:
    """A FIFO that nobody reads holds it while it writes its rows, so that both find it there."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    lines = b"".join(b'{"ts": %d}\n' % (60 * i) for i in range(20_000))
    outputs = ["-o", str(tmp_path / "r.csv"), "-o", str(fifo)]
    process = start(["run", "-t", "ts", "--delay", "0s", *outputs], stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(lines)
    process.stdin.flush()
    assert select.select([reader], [], [], TIMEOUT_S)[0]
    assert os.read(reader, len(HEADER)) == HEADER
    assert select.select([reader], [], [], TIMEOUT_S)[0]
    while process.poll() is None:  # two that come at once are one to the system
        process.send_signal(signal.SIGINT)
    assert process.wait(TIMEOUT_S) == 130
    os.close(reader)
    process.communicate()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fifo"]


@pytest.mark.parametrize("option", ["--late-file", "--bad-file", "-o"])
def test_full_device_is_told_with_what_to_do(events: Path, option: str) -> None:
    events.write_bytes(b'{"ts": 100}\n{"ts": 1}\none\n')
    more = ["-o", "-"] if option == "-o" else []
    ended = run(["run", str(events), "--delay", "0s", option, "/dev/full", *more])
    assert (ended.code, ended.err.count("\n")) == (74, 1)
    assert (
        ended.err == "streamstat: /dev/full: no space left on device; free some room, or name another place\n"
    )


def test_over_long_line_that_finds_no_room_on_its_way_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it waits is a file without a name: what is told is the place of such files."""
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda buffering: Path("/dev/full").open("wb", buffering))  # noqa: SIM115
    with pytest.raises(ReadWriteError, match=": no space left on device; free some room"):
        Spool().put(memoryview(b"x"))


@pytest.mark.parametrize("form", ["csv", "table", "ndjson"])
def test_reader_that_goes_away_ends_it_silently(tmp_path: Path, form: str) -> None:
    many = tmp_path / "many.ndjson"
    many.write_bytes(b"".join(b'{"ts": %d}\n' % (60 * i) for i in range(100_000)))
    process = start(["run", str(many), "-f", form])
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(TIMEOUT_S) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize(("closed", "code", "lines"), [(0, 66, 1), (1, 74, 1), (2, 0, 0)])
def test_closed_stream_is_one_line_of_error_at_most(closed: int, code: int, lines: int) -> None:
    process = start(["run"], preexec_fn=lambda: os.close(closed))
    _, stderr = process.communicate(LINES if closed else None, TIMEOUT_S)
    assert (process.returncode, stderr.count(b"\n")) == (code, lines)


def test_version_on_a_full_device_is_no_traceback() -> None:
    with Path("/dev/full").open("wb") as full:
        assert run(["--version"], stdout=full).code == 74


def test_no_event_with_a_field_is_told_however_it_is_delivered() -> None:
    for delivered in (b"{}\n{}\n", iter([b"{}\n", b"{}\n"])):
        with pytest.raises(UsageError, match="; there are no fields at all"):
            streamstat.run(Plan(), [delivered])


@pytest.mark.parametrize("option", ["--late-file", "--bad-file", "--stats", "-o"])
def test_output_that_is_an_input_is_refused(events: Path, tmp_path: Path, option: str) -> None:
    renamed = events.rename(tmp_path / "events.csv")
    assert run(["run", str(renamed), option, str(renamed)]).code == 2
    assert renamed.read_bytes() == LINES


def test_two_outputs_of_one_name_are_refused(events: Path, tmp_path: Path) -> None:
    same = str(tmp_path / "same.csv")
    assert run(["run", str(events), "-o", same, "--stats", same]).code == 2
    assert not Path(same).exists()


@pytest.mark.parametrize(
    "call", ["histogram(x, nan)", "histogram(x, inf)", "histogram(x, 1e999)", "quantile(x, 2)"]
)
def test_settings_that_cannot_be_are_refused(forks: Forks, tmp_path: Path, call: str) -> None:
    ended = forks.run(["run", "-a", call], b"", tmp_path, tmp_path)
    assert (ended.code, ended.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "window", ["tumbling:2562047788h", "hopping:2562047788h/2562047787h", "hopping:1h/1us"]
)
def test_windows_beyond_all_times_and_counts_are_refused(forks: Forks, tmp_path: Path, window: str) -> None:
    ended = forks.run(["run", "-w", window, "--origin", "9999-12-31"], LINES, tmp_path, tmp_path)
    assert (ended.code, ended.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "calls", [["a=distinct(u, p=12)", "b=distinct(u, p=13)"], ["hll_u=count()", "distinct(u)"]]
)
def test_states_of_one_name_are_refused(calls: list[str]) -> None:
    with pytest.raises(UsageError, match="two columns would be named 'hll_u'"):
        job_of(Plan(agg=calls, sketches=True))


def test_bad_lines_are_kept_in_order_even_if_one_is_too_long(forks: Forks, tmp_path: Path) -> None:
    bad = b"".join([b"one\n" * 100_000, b"x" * (17 << 20) + b"\n", b"two\n", b"y" * (17 << 20), b"\nthree\n"])
    streams = tmp_path / "streams"
    streams.mkdir()
    forks.run(["run", "-t", "ts", "--bad-file", "bad"], bad + LINES, tmp_path, streams)
    assert (tmp_path / "bad").read_bytes() == bad


def test_failure_of_an_iterable_is_the_callers_own() -> None:
    def broken() -> Iterator[bytes]:
        yield LINES
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        streamstat.run(Plan(), [broken()])


def test_config_that_cannot_be_is_named(forks: Forks, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('window = "tumbling:2x"\n')
    ended = forks.run(["run", "-c", "c.toml"], b"", tmp_path, tmp_path)
    assert (ended.code, ended.err.startswith("streamstat: c.toml: window: ")) == (78, True)


@pytest.mark.parametrize(
    "call", ["top(x)", "members(x)", "histogram(x)", "arg_max(x, y)", "arg_min(x, y)", "values(x)"]
)
def test_sliding_windows_refuse_what_cannot_be_taken_out(call: str) -> None:
    with pytest.raises(UsageError, match="cannot take events out again"):
        job_of(Plan(window="sliding:5m", agg=[call]))


def test_sliding_windows_refuse_sketches_and_filling() -> None:
    with pytest.raises(UsageError, match="exact values, not sketches"):
        job_of(Plan(window="sliding:5m", agg=["distinct(x)"], sketches=True))
    with pytest.raises(UsageError, match="begin and end with events"):
        job_of(Plan(window="session:5m", fill=True))


# Rows for a stdout that takes none.

CLOSED = "exec >&-; "
READ_ONLY = "exec 1</dev/null; "
REFUSED = b"streamstat: stdout: is closed, or not open for writing; -o report.csv writes rows to a file\n"


def in_shell(before: str, arguments: list[str], folder: Path) -> Ended:
    """The command with its streams as a shell leaves them."""
    words = [*commands.PROGRAM, *arguments]
    done = subprocess.run(
        ["sh", "-c", before + shlex.join(words)], cwd=folder, capture_output=True, env=commands.environment()
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("before", [CLOSED, READ_ONLY])
@pytest.mark.parametrize(
    "arguments", [[], ["-o", "-", "-o", "r.csv"], ["--state", "state"], ["--follow", "-f", "table"]]
)
def test_rows_for_a_stdout_that_is_closed_are_refused(
    tmp_path: Path, before: str, arguments: list[str]
) -> None:
    (tmp_path / "in.ndjson").write_bytes(LINES + b'{"ts": 75}\n')
    (tmp_path / "r.csv").write_text("of the last run")
    ended = in_shell(before, ["run", "in.ndjson", *arguments], tmp_path)
    assert ended == Ended(74, b"", REFUSED)
    assert (tmp_path / "r.csv").read_text() == "of the last run"
    if (tmp_path / "state").exists():
        assert [each.name for each in (tmp_path / "state").iterdir()] == ["lock"]
    assert in_shell("", ["run", "in.ndjson", "--state", "state"], tmp_path).out.count("\n") == 2


@pytest.mark.parametrize("before", [CLOSED, READ_ONLY])
@pytest.mark.parametrize("arguments", [["-o", "r.csv"], ["-o", "r.csv", "--state", "state"]])
def test_a_report_needs_no_stdout(tmp_path: Path, before: str, arguments: list[str]) -> None:
    (tmp_path / "in.ndjson").write_bytes(LINES + b'{"ts": 75}\n')
    assert in_shell(before, ["run", "in.ndjson", *arguments], tmp_path) == Ended(0, b"", b"")
    assert (tmp_path / "r.csv").read_text().count("\n") >= 2


@pytest.mark.parametrize("arguments", [["--version"], ["run", "--help"]])
def test_words_for_a_stdout_that_is_closed_are_one_line_of_error(
    tmp_path: Path, arguments: list[str]
) -> None:
    ended = in_shell(CLOSED, arguments, tmp_path)
    assert (ended.code, ended.out, ended.err.count("\n")) == (74, "", 1)
