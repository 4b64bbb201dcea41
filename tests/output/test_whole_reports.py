"""Reports that are replaced as a whole, and rows whose columns grow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from streamstat.output.sinks import Sink
from streamstat.output.sinks.fitted import FittedSink, left_out_of
from streamstat.output.sinks.whole import WholeSink
from streamstat.values.columns import ColumnType, ResultField, Rows, integers


@dataclass
class Noted:
    """A sink that notes its calls in a list that it shares."""

    calls: list[str]
    fields: tuple[ResultField, ...] = ()
    ends: bool = field(default=False)

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self.calls.append(f"open {' '.join(each.name for each in fields)}".strip())

    def write(self, rows: Rows) -> None:
        names = " ".join(each.name for each in rows.fields)
        self.calls.append(f"write {names}: {[column.numbers.tolist() for column in rows.columns]}")

    def commit(self, metadata: Mapping[str, str]) -> None:
        self.calls.append("commit")

    def discard(self) -> None:
        self.calls.append("discard")


def rows(**columns: list[int]) -> Rows:
    fields = tuple(ResultField(name, ColumnType.ANY) for name in columns)
    return Rows(fields, tuple(integers(np.array(each)) for each in columns.values()))


def whole(calls: list[str], tries: bool = True) -> WholeSink:
    def make() -> Sink:
        calls.append("make")
        return Noted(calls)

    return WholeSink(make, tries)


def test_each_opening_is_a_version_of_its_own() -> None:
    calls: list[str] = []
    sink = whole(calls)
    for number in (1, 2):
        sink.open(rows(a=[number]).fields)
        sink.write(rows(a=[number]))
        sink.commit({})
    assert calls == [
        "make",
        "open a",
        "write a: [[1]]",
        "commit",
        "make",
        "open a",
        "write a: [[2]]",
        "commit",
    ]


def test_a_version_that_is_not_committed_is_given_up() -> None:
    calls: list[str] = []
    sink = whole(calls)
    sink.open(rows(a=[1]).fields)
    sink.open(rows(b=[1]).fields)
    assert calls == ["make", "open a", "discard", "make", "open b"]
    sink.discard()
    sink.discard()
    assert calls[5:] == ["discard"]


def test_without_columns_it_is_only_tried_whether_a_report_can_be_made() -> None:
    calls: list[str] = []
    whole(calls).open(())
    assert calls == ["make", "open"]
    whole(calls, tries=False).open(())
    assert calls == ["make", "open"]


def test_without_a_version_there_is_nothing_to_commit() -> None:
    calls: list[str] = []
    whole(calls).commit({})
    assert calls == []


def test_columns_that_come_later_are_left_out_and_known() -> None:
    calls: list[str] = []
    sink = FittedSink(Noted(calls))
    sink.open(rows(a=[1], b=[2]).fields)
    sink.write(rows(a=[1], b=[2]))
    sink.write(rows(a=[3], c=[4], b=[5], d=[6]))
    sink.write(rows(a=[7], c=[8], b=[9]))
    sink.commit({})
    assert calls == [
        "open a b",
        *(f"write a b: {each}" for each in ("[[1], [2]]", "[[3], [5]]", "[[7], [9]]")),
        "commit",
    ]
    assert (left_out_of(sink), left_out_of(Noted(calls))) == (["c", "d"], [])
