"""What holds for every reader: rows that are left out, times of inner records, and snapshots."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.change_history import KEY, history
from tools.change_logs import KEYLESS, NAMES, TRUNCATING, log_in
from tools.change_reading import ReadLog

from streamstat.changes import LogOptions, Op
from streamstat.changes.columns import few_texts
from streamstat.changes.inner import InnerRecords, records_in
from streamstat.changes.reading import reader_of
from streamstat.changes.telling import format_told
from streamstat.common.errors import StreamstatError
from streamstat.expressions import compile_condition
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.ndjson import Ndjson
from streamstat.values.columns import Mask

Told = tuple[int, int, int, bytes, bytes]  # row, op, transaction, text, position


def log_of(name: str, seed: int) -> tuple[str, LogOptions, list[str]]:
    random = Random(seed)
    parts = log_in(name, history(random, 4, truncates=name in TRUNCATING), random)
    lines = [line for part in parts for line in part]
    told = format_told(line.encode() for line in lines)
    assert told is not None
    return told, LogOptions(key=(KEY,) if name in KEYLESS else None, time_fields=("ts",)), lines


def masked(
    told: str, options: LogOptions, lines: list[str], left: Mask | None
) -> tuple[list[Told], int, list[int]]:
    reader = reader_of(told, options)
    decoder = decoder_of(Ndjson(), reader.needs, written=reader.written)
    found = reader.read(
        InnerRecords(decode_bytes(decoder, "".join(f"{line}\n" for line in lines).encode())), left
    )
    rows = zip(*(each.tolist() for each in (found.rows, found.ops, found.groups)), strict=True)
    changes: list[Told] = [(*row, found.texts[i], found.positions[i]) for i, row in enumerate(rows)]
    return changes, found.whole, [*found.filtered.tolist(), *found.bad.rows.tolist()]


@pytest.mark.parametrize("name", [name for name in NAMES if "flink" not in name and "kcat" not in name])
@given(seed=st.integers(0, 2**32))
def test_rows_that_are_left_out_give_nothing_and_change_nothing_of_others(name: str, seed: int) -> None:
    told, options, lines = log_of(name, seed)
    if not options.key:  # nor does what they say of the key count
        options = LogOptions(key=("_id" if name == "mongodb" else KEY,))
    left = np.array([Random(seed + i).random() < 0.6 for i in range(len(lines))], np.bool_)
    every, of_every, _ = masked(told, options, lines, None)
    some, of_some, others = masked(told, options, lines, left)
    if name in ("maxwell", "wal2json 2"):  # transactions are those of all records
        assert some == [each for each in every if left[each[0]]]
        assert of_some == of_every
    assert [each[:2] + each[3:] for each in some] == [each[:2] + each[3:] for each in every if left[each[0]]]
    assert all(left[row] for row in others)


def test_an_update_of_flink_whose_first_half_is_left_out_is_a_row() -> None:
    lines = ['{"data":{"id":7},"op":"-U"}', '{"data":{"id":8},"op":"+U"}']
    changes, _, others = masked("flink", LogOptions(key=("id",)), lines, np.array([False, True]))
    assert changes == [(1, Op.PUT, 0, b'{"id":8}', b"")]
    assert others == []


def test_an_end_of_a_transaction_counts_though_its_record_is_left_out() -> None:
    lines = ['{"action":"B","lsn":"0/1"}', '{"action":"T","table":"t"}', '{"action":"C"}']
    _, whole, others = masked("wal2json:2", LogOptions(key=("id",)), lines, np.array([False, True, False]))
    assert (whole, others) == (1, [])


def test_times_of_payloads_are_those_that_stand_in_them() -> None:
    payload = '"{\\"op\\":\\"c\\",\\"after\\":{\\"id\\":7},\\"source\\":{\\"ts_ms\\":1700000000123}}"'
    head = '{"topic":"t","partition":0,"offset":%d,"ts":5,"key":"{\\"id\\":7}","payload":%s}'
    log = ReadLog("kcat", LogOptions())
    found = log.block([head % (0, payload), head % (1, "null"), head % (2, payload)])
    assert found.dated is not None
    assert (found.dated.fields, found.dated.rows.tolist()) == (("source.ts_ms",), [0, -1, 1])
    assert found.dated.events.times("source.ts_ms")[0].tolist() == [1_700_000_000_123_000] * 2


def test_what_says_that_a_row_is_gone_is_asked_of_payloads() -> None:
    gone = compile_condition("n > 1 and n < 3", "--deleted")
    head = '{"topic":"t","partition":0,"offset":%d,"key":"%d","payload":"{\\"id\\":%d,\\"n\\":%d}"}'
    log = ReadLog("kcat", LogOptions(key=("id",), deleted=gone))
    found = log.block([head % (n, n, n, n) for n in (1, 2, 3)])
    assert found.ops.tolist() == [Op.PUT, Op.DELETE, Op.PUT]


def test_records_in_texts_are_decoded_for_their_reader() -> None:
    reader = reader_of("upsert", LogOptions(key=("id",), time_fields=("ts",)))
    found = records_in(
        few_texts([b'{"id":1}', b"", b"7", b'{"id":2,"ts":5}']), reader, None, LogOptions().times
    )
    assert found.rows.tolist() == [0, 3]
    assert found.events.kinds("id").tolist() == [3, 3]
    assert found.events.times("ts")[1].tolist() == [0, 1]


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers(0, 2**16), place=st.floats(0, 1), junk=st.binary(max_size=6))
def test_other_bytes_are_no_snapshot_or_are_one_of_some_log(
    name: str, seed: int, place: float, junk: bytes
) -> None:
    told, options, lines = log_of(name, seed)
    log = ReadLog(told, options)
    log.block(lines[: len(lines) // 2])
    snapshot = log.reader.snapshot()
    at = int(place * len(snapshot))
    other = reader_of(told, options)
    try:
        other.restore(snapshot[:at] + junk + snapshot[at + len(junk) :])
    except (ValueError, IndexError, OverflowError):
        return
    decoder = decoder_of(Ndjson(), other.needs, written=other.written)
    events = decode_bytes(decoder, "".join(f"{line}\n" for line in lines[len(lines) // 2 :]).encode())
    try:
        other.read(InnerRecords(events), None)
    except StreamstatError:  # the table and the key may be others than they were
        return
