"""Inputs that are read in turns: each counts for the watermark from its first event until its end is told."""

from collections.abc import Iterable
from typing import Any

from tools.decoders import json_decoder

from streamstat.engine.engine import Engine
from streamstat.input.events import padded
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.values.columns import MINUS_INFINITY

SECOND = 1_000_000


class Turns:
    """An engine with a delay of 10 s, told of inputs by number."""

    def __init__(self, **options: Any) -> None:
        self.job = job_of(Plan(time="ts", time_unit="s", delay="10s", **options))
        self.engine = Engine(self.job)

    def read(
        self, number: int, times: Iterable[int], *, others_to_come: bool = False, of: str = ""
    ) -> int | None:
        """An input has its turn; the watermark afterwards, in seconds."""
        self.engine.begin_input(number, others_to_come)
        lines = "".join(f'{{"ts": {time}, "p": "{of}"}}\n' for time in times).encode()
        decoder = json_decoder(self.job.needs, self.job.time_unit)
        list(self.engine.push(decoder.decode(padded(lines))))
        return self.watermark

    def end(self, number: int) -> int | None:
        """An input has ended; the watermark afterwards."""
        list(self.engine.end_input(number))
        return self.watermark

    def settle(self, *, others_to_come: bool = False) -> int | None:
        """All that is there was read; the watermark afterwards."""
        list(self.engine.settle(others_to_come))
        return self.watermark

    @property
    def watermark(self) -> int | None:
        watermark = self.engine.ledger.watermark
        return None if watermark == MINUS_INFINITY else watermark // SECOND


def test_an_input_read_to_its_present_end_still_counts() -> None:
    turns = Turns()
    assert turns.read(0, [100], others_to_come=True) is None
    assert turns.read(1, [300]) == 90
    assert turns.read(0, [200]) == 190
    assert turns.read(0, [900]) == 290
    assert turns.engine.ledger.late == 0


def test_an_input_that_has_ended_no_longer_counts() -> None:
    turns = Turns()
    turns.read(0, [100], others_to_come=True)
    assert turns.read(1, [300]) == 90
    assert turns.end(0) == 290


def test_an_input_to_come_holds_the_watermark_until_it_begins() -> None:
    turns = Turns()
    assert turns.read(0, [100]) == 90
    assert turns.read(0, [200], others_to_come=True) == 90
    assert turns.read(7, [150]) == 140
    assert turns.read(0, [201]) == 140


def test_one_that_begins_with_nothing_holds_it_until_all_that_is_there_was_read() -> None:
    turns = Turns()
    assert turns.read(0, [100], others_to_come=True) is None
    assert turns.settle(others_to_come=True) is None
    assert turns.read(7, []) is None
    assert turns.settle() == 90
    assert turns.read(7, [95]) == 90
    assert turns.settle() == 90


def test_one_that_begins_behind_the_watermark_does_not_pull_it_back() -> None:
    turns = Turns()
    turns.read(0, [1000])
    assert turns.read(1, [100]) == 990
    assert turns.engine.ledger.late == 1


def test_producers_of_one_name_in_two_inputs_are_two() -> None:
    turns = Turns(producer="p")
    turns.read(0, [100], others_to_come=True, of="a")
    assert turns.read(1, [300], of="a") == 90
    assert turns.read(1, [200], of="b") == 90
    assert turns.read(0, [250], of="a") == 190
    assert turns.end(1) == 240


def test_one_that_lags_is_left_out_once_it_is_idle() -> None:
    turns = Turns(idle="60s")
    turns.read(0, [100], others_to_come=True)
    assert turns.read(1, [160]) == 90
    assert turns.read(1, [161]) == 151


def test_an_input_may_end_that_never_gave_an_event() -> None:
    turns = Turns()
    assert turns.end(5) is None
    assert turns.read(0, [100]) == 90
    assert turns.end(5) == 90


def test_the_end_of_one_does_not_let_go_what_another_to_come_holds() -> None:
    turns = Turns()
    turns.read(0, [100], others_to_come=True)
    assert turns.end(0) is None
    assert turns.read(1, [50]) == 40


def test_a_promise_for_all_does_not_bind_an_input_that_comes_later() -> None:
    turns = Turns(punctuation="w")
    turns.engine.begin_input(0, True)
    decoder = json_decoder(turns.job.needs, turns.job.time_unit)
    list(turns.engine.push(decoder.decode(padded(b'{"w": 5000}\n{"ts": 100}\n'))))
    assert turns.read(1, [100]) == 90
