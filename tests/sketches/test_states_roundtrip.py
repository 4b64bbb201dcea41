"""The states in a Parquet report, opened with the libraries they belong to; two hours merged are both."""

import base64
import json
import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
import xxhash
from datasketch import HyperLogLogPlusPlus
from hdrh.histogram import HdrHistogram
from tools.commands import Ended, Forks

from streamstat.sketches import bloom, canonical, hash_of, hdr, hll

VALUES = [
    "distinct(user)",
    "p50(latency)",
    "p99(latency)",
    "members(user, capacity=4000)",
    "p50(bytes, scale=1)",
]
Event = dict[str, object]


def events() -> list[Event]:
    """Two hours of events, more users than are counted exactly, values of both signs and of many sizes."""
    chosen = random.Random(11)
    users: list[object] = [f"user {i}" for i in range(2500)] + [*range(500), True, False, None, 0.5]
    return [
        {
            "ts": 1767225600 + chosen.randrange(7200),
            "user": chosen.choice(users),
            "latency": chosen.choice([1, -1]) * chosen.lognormvariate(3, 2),
            "bytes": chosen.randrange(1 << chosen.randrange(1, 40)),
        }
        for _ in range(20_000)
    ]


EVENTS = events()


class Report:
    """One run with `--sketches`, its rows by column."""

    def __init__(self, forks: Forks, folder: Path, window: str, aggregates: list[str]) -> None:
        streams = folder / "streams"
        streams.mkdir(exist_ok=True)
        data = "".join(json.dumps(event) + "\n" for event in EVENTS).encode()
        asked = [word for call in aggregates for word in ("-a", call)]
        arguments = ["run", "-w", window, "--sketches", "-o", "r.parquet", *asked]
        assert forks.run(arguments, data, folder, streams) == Ended(0, b"", b"")
        self.table: pa.Table = pyarrow.parquet.read_table(folder / "r.parquet")

    def __getitem__(self, name: str) -> list[bytes]:
        column: list[bytes] = self.table.column(name).to_pylist()
        return column


@pytest.fixture(scope="module")
def hours(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return Report(forks, tmp_path_factory.mktemp("hours"), "tumbling:1h", VALUES)


@pytest.fixture(scope="module")
def whole(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> Report:
    return Report(forks, tmp_path_factory.mktemp("whole"), "tumbling:2h", VALUES)


def users() -> set[bytes]:
    """The different users as canonical bytes."""
    return {
        canonical(user) for event in EVENTS if isinstance(user := event["user"], str | bool | int | float)
    }


def numbers(field: str) -> list[float]:
    return [value for event in EVENTS if isinstance(value := event[field], int | float)]


def test_states_are_columns_beside_the_results(hours: Report) -> None:
    assert hours.table.column_names == [
        "window_start",
        "window_end",
        "distinct_user",
        "p50_latency",
        "p99_latency",
        "members_user_capacity_4000",
        "p50_bytes_scale_1",
        "hll_user",
        "hdr_latency",
        "hdr_latency_negative",
        "bloom_user",
        "hdr_bytes",
        "hdr_bytes_negative",
    ]
    kinds = {str(hours.table.schema.field(name).type) for name in hours.table.column_names[7:]}
    assert kinds == {"binary"}
    assert hours.table.num_rows == 2


MERGES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "hll_user": hll.merge,
    "hdr_latency": hdr.merge,
    "hdr_latency_negative": hdr.merge,
    "hdr_bytes": hdr.merge,
    "bloom_user": bloom.merge,
}


@pytest.mark.parametrize("column", MERGES)
def test_two_hours_merged_are_the_state_of_both(hours: Report, whole: Report, column: str) -> None:
    first, second = hours[column]
    (both,) = whole[column]
    assert MERGES[column](first, second) == MERGES[column](second, first) == both
    assert first != both != second


# HyperLogLog, with datasketch.


def test_datasketch_merges_two_hours_into_both(hours: Report, whole: Report) -> None:
    first, second = (HyperLogLogPlusPlus.deserialize(state) for state in hours["hll_user"])
    first.merge(second)
    buffer = bytearray(first.bytesize())
    first.serialize(buffer)
    assert bytes(buffer) == whole["hll_user"][0]


def test_datasketch_fed_with_the_values_has_these_registers(whole: Report) -> None:
    sketch = HyperLogLogPlusPlus(p=14, hashfunc=lambda data: xxhash.xxh64_intdigest(data))
    for user in users():
        sketch.update(user)
    assert (whole["hll_user"][0][0], whole["hll_user"][0][1:]) == (14, sketch.reg.astype(np.int8).tobytes())


def test_printed_distinct_is_near_the_truth_and_the_library(whole: Report) -> None:
    (printed,) = whole.table.column("distinct_user").to_pylist()
    sketch = hll.read(whole["hll_user"][0])
    assert printed == pytest.approx(len(users()), rel=0.03)
    assert printed == pytest.approx(sketch.count(), rel=0.01)


def test_state_goes_on_counting_in_datasketch(whole: Report) -> None:
    sketch = hll.read(whole["hll_user"][0])
    before = sketch.count()
    for i in range(5000):
        sketch.update(canonical(f"another {i}"))
    assert sketch.count() - before == pytest.approx(5000, rel=0.05)


def test_state_of_an_exact_count_is_registers_too(forks: Forks, tmp_path: Path) -> None:
    report = Report(forks, tmp_path, "tumbling:1s", ["distinct(user)"])
    printed = report.table.column("distinct_user").to_pylist()
    states = report["hll_user"]
    assert max(printed) < 1024
    assert {len(state) for state in states} == {1 + (1 << 14)}
    estimates = [hll.read(state).count() for state in states[:200]]
    assert sum(estimates) == pytest.approx(sum(printed[:200]), rel=0.01)


# Percentiles, with hdrh.


def test_hdrh_merges_two_hours_into_both(hours: Report, whole: Report) -> None:
    for column in ("hdr_latency", "hdr_latency_negative", "hdr_bytes"):
        first, second = hours[column]
        merged = HdrHistogram.decode(first)
        merged.decode_and_add(second)
        assert merged.encode() == whole[column][0]


def test_hdrh_fed_with_the_values_gives_these_bytes(whole: Report) -> None:
    positive, negative, plain = (HdrHistogram(1, (1 << 63) - 1, 3) for _ in range(3))
    for value in numbers("latency"):
        (negative if value < 0 else positive).record_value(math.floor(abs(value) * (1 << 20)))
    for value in numbers("bytes"):
        plain.record_value(int(value))
    assert counts(whole["hdr_latency"][0]) == counts(positive.encode())
    assert counts(whole["hdr_latency_negative"][0]) == counts(negative.encode())
    assert whole["hdr_bytes"][0] == plain.encode()


def counts(state: bytes) -> list[int]:
    """Every counter, whatever the ratio in the header."""
    return list(HdrHistogram.decode(state).counts)


def test_header_holds_the_ratio_that_the_reader_applies(whole: Report) -> None:
    scaled, plain = (hdr.read(whole[name][0]) for name in ("hdr_latency", "hdr_bytes"))
    assert scaled.get_int_to_double_conversion_ratio() == 2.0**-20
    assert plain.get_int_to_double_conversion_ratio() == 1.0


def test_printed_percentiles_are_those_of_the_values(whole: Report) -> None:
    for column, field, q in (("p50_latency", "latency", 0.5), ("p99_latency", "latency", 0.99)):
        ranked = sorted(numbers(field))
        true = ranked[math.ceil(q * len(ranked)) - 1]
        (printed,) = whole.table.column(column).to_pylist()
        assert true <= printed <= true + abs(true) * 0.001


def test_percentiles_of_the_state_are_near_the_printed(whole: Report) -> None:
    histogram = HdrHistogram.decode(whole["hdr_bytes"][0])
    (printed,) = whole.table.column("p50_bytes_scale_1").to_pylist()
    assert histogram.get_value_at_percentile(50) == pytest.approx(printed, rel=0.001)
    assert histogram.get_total_count() == len(EVENTS)


def test_state_of_no_negative_values_is_null(whole: Report) -> None:
    assert whole.table.column("hdr_bytes_negative").to_pylist() == [None]


def test_state_is_plain_base64_of_version_2(whole: Report) -> None:
    assert base64.b64decode(whole["hdr_latency"][0])[:4] == b"\x1c\x84\x93\x14"


# Bloom filters, with Parquet's.


SALTS = (0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31)


def split_block_filter(values: set[bytes], blocks: int) -> bytes:
    """The filter as BloomFilter.md of the Parquet format describes it."""
    words = np.zeros((blocks, 8), "<u4")
    for value in values:
        hashed = xxhash.xxh64_intdigest(value)
        block = (hashed >> 32) * blocks >> 32
        for word, salt in enumerate(SALTS):
            words[block, word] |= np.uint32(1 << (((hashed & 0xFFFFFFFF) * salt & 0xFFFFFFFF) >> 27))
    return words.tobytes()


def test_filter_has_the_bits_of_the_parquet_format(whole: Report) -> None:
    bits = bloom.read(whole["bloom_user"][0]).bits
    blocks = len(bits) // 32
    assert blocks & (blocks - 1) == 0
    assert blocks * 256 >= 4000 * 10.5 > blocks * 128
    assert bits == split_block_filter(users(), blocks)


def test_filter_knows_every_user_and_few_others(whole: Report) -> None:
    known = bloom.read(whole["bloom_user"][0])
    assert all(known.contains_bytes(user) for user in users())
    assert sum(known.contains(f"nobody {i}") for i in range(10_000)) < 150


def test_merged_filter_knows_the_users_of_both_hours(hours: Report) -> None:
    merged = bloom.read(bloom.merge(*hours["bloom_user"]))
    assert all(merged.contains_bytes(user) for user in users())


def test_printed_members_are_near_the_truth(whole: Report) -> None:
    (printed,) = whole.table.column("members_user_capacity_4000").to_pylist()
    assert printed == pytest.approx(len(users()), rel=0.03)


def test_hash_of_a_value_is_xxh64_of_its_canonical_bytes() -> None:
    assert hash_of(canonical("a")) == xxhash.xxh64_intdigest(b"a")
    assert hash_of(canonical(1)) == xxhash.xxh64_intdigest(b"\xff1")
    assert hash_of(canonical(True)) == xxhash.xxh64_intdigest(b"\xfftrue")


# What states are named after, and where there are none.


def test_groups_have_a_state_each_and_nothing_is_a_state_too(forks: Forks, tmp_path: Path) -> None:
    data = b'{"ts": 1, "k": "a", "x": 1}\n{"ts": 1, "k": "b"}\n'
    streams = tmp_path / "streams"
    streams.mkdir()
    arguments = ["run", "-b", "k", "-a", "distinct(x)", "-a", "p50(x)", "-a", "members(x)"]
    assert forks.run([*arguments, "--sketches", "-o", "r.parquet"], data, tmp_path, streams).code == 0
    first, second = pyarrow.parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert hll.read(second["hll_x"]).count() == 0
    assert (second["hdr_x"], second["hdr_x_negative"]) == (None, None)
    assert not bloom.read(second["bloom_x"]).contains(1)
    assert bloom.read(first["bloom_x"]).contains(1)
    assert hdr.merge(first["hdr_x"], first["hdr_x"]) != first["hdr_x"]


def test_same_state_is_written_once(forks: Forks, tmp_path: Path) -> None:
    report = Report(
        forks, tmp_path, "tumbling:2h", ["p50(latency)", "p99(latency)", "p99(latency) if bytes > 9"]
    )
    names = [name for name in report.table.column_names if name.startswith("hdr_")]
    assert names == [
        "hdr_latency",
        "hdr_latency_negative",
        "hdr_latency_if_bytes_9",
        "hdr_latency_if_bytes_9_negative",
    ]


def test_states_of_different_parameters_do_not_merge(forks: Forks, tmp_path: Path, whole: Report) -> None:
    other = Report(forks, tmp_path, "tumbling:2h", ["distinct(user, p=12)", "members(user, capacity=9999)"])
    with pytest.raises(ValueError, match="different precision"):
        hll.merge(whole["hll_user"][0], other["hll_user"][0])
    with pytest.raises(ValueError, match="different size"):
        bloom.merge(whole["bloom_user"][0], other["bloom_user"][0])
    with pytest.raises(ValueError, match="different scale"):
        hdr.merge(whole["hdr_latency"][0], whole["hdr_bytes"][0])
