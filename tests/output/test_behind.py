"""A sink that a thread of its own writes to: the same report, errors with a later call, and never far behind."""

import threading
from collections.abc import Mapping
from pathlib import Path
from queue import SimpleQueue

import pytest
from tools.sink_runs import FIELDS, batch, written

from streamstat.common.errors import ReadWriteError
from streamstat.common.workers import Workers
from streamstat.common.zones import Zone
from streamstat.output.behind import BehindSink
from streamstat.output.outputs import Form, report
from streamstat.output.sinks.csv import CsvSink
from streamstat.output.sinks.files import Report
from streamstat.values.columns import ResultField, Rows


class Room(SimpleQueue[None]):
    """Tells when somebody is about to wait for room."""

    def __init__(self) -> None:
        self.lacking = threading.Event()

    def get(self, block: bool = True, timeout: float | None = None) -> None:
        if self.empty():
            self.lacking.set()
        super().get(block, timeout)


class Gate:
    """A sink whose writes wait for `open_gate`, and which fails at the batch `fails_at`."""

    def __init__(self, fails_at: int = -1) -> None:
        self.calls: list[str] = []
        self.begun, self.open_gate = threading.Semaphore(0), threading.Semaphore(0)
        self._fails_at = fails_at

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.calls.append("open")

    def write(self, rows: Rows) -> None:
        self.begun.release()
        assert self.open_gate.acquire(timeout=60)
        self.calls.append(f"write {len(rows)}")
        if len(rows) == self._fails_at:
            raise ReadWriteError("x", "no space left on device")

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.calls.append("commit")

    def discard(self) -> None:
        self.calls.append("discard")


def rows_of(n: int) -> Rows:
    return batch(*"k" * n)


def test_the_report_is_the_same(tmp_path: Path) -> None:
    batches = [rows_of(n % 7) for n in range(50)]
    written(CsvSink(Report(tmp_path / "plain.csv")), *batches)
    written(BehindSink(CsvSink(Report(tmp_path / "behind.csv"))), *batches)
    assert (tmp_path / "behind.csv").read_bytes() == (tmp_path / "plain.csv").read_bytes()


def test_is_two_batches_behind_and_then_waits() -> None:
    gate, passed = Gate(), threading.Semaphore(0)
    sink = BehindSink(gate)
    sink._room = room = Room()
    sink.open(FIELDS)

    def write_all() -> None:
        for n in range(1, 6):
            sink.write(rows_of(n))
            passed.release()
        sink.commit({})

    writer = threading.Thread(target=write_all)
    writer.start()
    assert room.lacking.wait(60)
    assert [passed.acquire(blocking=False) for _ in range(3)] == [True, True, False]
    assert gate.calls == ["open"]
    gate.open_gate.release(5)
    writer.join(60)
    assert gate.calls == ["open", *(f"write {n}" for n in range(1, 6)), "commit"]


def test_an_error_comes_with_a_later_call_and_nothing_is_written_after_it() -> None:
    gate = Gate(fails_at=2)
    gate.open_gate.release(10)
    sink = BehindSink(gate)
    sink.open(FIELDS)
    with pytest.raises(ReadWriteError, match="no space left"):
        for n in range(1, 10):
            sink.write(rows_of(n))
    with pytest.raises(ReadWriteError, match="no space left"):
        sink.commit({})
    sink.discard()
    assert gate.calls == ["open", "write 1", "write 2", "discard"]


def test_an_error_at_the_last_batch_comes_with_the_commit() -> None:
    gate = Gate(fails_at=1)
    gate.open_gate.release(1)
    sink = BehindSink(gate)
    sink.open(FIELDS)
    sink.write(rows_of(1))
    with pytest.raises(ReadWriteError, match="no space left"):
        sink.commit({})
    assert "commit" not in gate.calls


def test_discard_waits_for_the_write_under_way_and_drops_the_others() -> None:
    gate = Gate()
    sink = BehindSink(gate)
    sink.open(FIELDS)
    sink.write(rows_of(1))
    sink.write(rows_of(2))
    assert gate.begun.acquire(timeout=60)
    discarding = threading.Thread(target=sink.discard)
    discarding.start()
    assert gate.calls == ["open"]
    gate.open_gate.release(2)
    discarding.join(60)
    sink.discard()
    assert gate.calls[:2] == ["open", "write 1"]
    assert gate.calls[-2:] == ["discard", "discard"]


@pytest.mark.parametrize("calls", [0, 1])
def test_nothing_or_one_batch_is_a_report_too(calls: int, tmp_path: Path) -> None:
    before = threading.active_count()
    written(BehindSink(CsvSink(Report(tmp_path / "r.csv"))), *[rows_of(1)] * calls)
    assert len((tmp_path / "r.csv").read_bytes().splitlines()) == calls + 1
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("threads", "path", "behind"), [(2, "r.csv", True), (1, "r.csv", False), (2, "/dev/null", False)]
)
def test_only_files_and_only_beside_others(threads: int, path: str, behind: bool, tmp_path: Path) -> None:
    with Workers(threads) as workers:
        sink = report(str(tmp_path / path), Form(Zone("UTC"), workers=workers))
    assert isinstance(sink, BehindSink) == behind
