"""The command as a process: what it is given, what it says, and outputs that end or are full."""

import json
import os
from pathlib import Path

import pyarrow.parquet
import pytest
from tools.commands import TIMEOUT_S, Ended, Forks, run, start
from tools.minute_rows import FIRST, HEADER, LINES, SECOND


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
    ],
)
def test_wrong_usage_is_one_line_and_code_2(
    forks: Forks, tmp_path: Path, arguments: list[str], word: str
) -> None:
    ended = forks.run(arguments, b"", tmp_path, tmp_path)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith("streamstat: ") and word in ended.err


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
        "duplicate": 0,
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
        "notes": [],
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


def test_lines_that_are_kept_appear_whole_or_not_at_all(forks: Forks, tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("of the last run\n")
    (tmp_path / "streams").mkdir()
    ended = forks.run(
        ["run", "--strict", "--bad-file", "bad"], LINES + b"oops\n", tmp_path, tmp_path / "streams"
    )
    assert ended.code == 65
    assert (tmp_path / "bad").read_text() == "of the last run\n"
    assert run(["run", "--bad-file", str(tmp_path / "bad")], LINES + b"oops\n").code == 0
    assert (tmp_path / "bad").read_text() == "oops\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bad", "streams"]


def test_lines_go_to_a_device_directly(forks: Forks, tmp_path: Path) -> None:
    ended = forks.run(
        ["run", "--bad-file", "/dev/stderr", "--late-file", "/dev/null"],
        LINES + b"oops\n",
        tmp_path,
        tmp_path,
    )
    assert (ended.code, ended.err.splitlines()[0]) == (0, "oops")
