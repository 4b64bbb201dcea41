"""What travels between the tasks of Spark: parts of files, texts as Arrow has them, and words with their places."""

import io
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.common.errors import InputError, MissingInputError
from streamstat.engine.ledger import Ledger
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.ndjson import Ndjson
from streamstat.input.sources.inputs import file_input
from streamstat.runners import BadPlace
from streamstat.runners.spark.arrow_texts import arrow_binary, arrow_texts_of, cuts
from streamstat.runners.spark.findings import PartFinding, add_up, read_findings, stand_in
from streamstat.runners.spark.looks import InputLook
from streamstat.runners.spark.remote import RangeSource, remote_inputs
from streamstat.runners.spark.splits import Split, line_edge, splits_of
from streamstat.values.columns import Texts

SPLIT = Split(0, "/log", 0, None, None, "")


@given(st.binary(max_size=60), st.integers(1, 70))
def test_every_line_is_in_one_part(content: bytes, most: int) -> None:
    edges = [line_edge(io.BytesIO(content), at) for at in range(0, len(content), most)] + [len(content)]
    parts = [content[lo:hi] for lo, hi in pairwise(edges)]
    assert b"".join(parts) == content
    assert all(part.endswith(b"\n") for part in [part for part in parts if part][:-1])


def test_only_lines_that_tell_nothing_of_each_other_are_cut(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"x" * 25)
    inputs = [file_input(tmp_path / "log")] * 3
    looks = [InputLook(Ndjson(), b"", True), InputLook(Csv(), b"", True), InputLook(Ndjson(), b"", False)]
    found = [(each.input, each.lo, each.hi) for each in splits_of(inputs, looks, 10)]
    assert found == [(0, 0, 10), (0, 10, 20), (0, 20, None), (1, 0, None), (2, 0, None)]


def test_a_range_ends_where_it_should() -> None:
    source, target = RangeSource(io.BytesIO(b"0123456789"), 7), memoryview(bytearray(4))
    assert source.read_now(target) == 4
    source.seek(2)
    assert [source.read_now(target) for _ in range(3)] == [4, 1, 0]
    assert (bytes(target[:1]), source.bytes_read) == (b"6", 5)


def test_a_url_of_a_file_is_read_by_pyarrow(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"one\n")
    (found,) = remote_inputs([f"file://{tmp_path}/a.log", f"file://{tmp_path}/a.log"])
    assert (found.name, found.size) == (f"file://{tmp_path}/a.log", 4)
    with pytest.raises(MissingInputError, match="no such file"):
        remote_inputs([f"file://{tmp_path}/b.log"])
    with pytest.raises(MissingInputError, match="is a folder"):
        remote_inputs([f"file://{tmp_path}"])


@given(st.lists(st.binary(max_size=9)), st.integers(1, 12))
def test_texts_come_back_from_arrow_wherever_they_are_cut(texts: list[bytes], most: int) -> None:
    offsets = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    column = Texts(offsets, np.frombuffer(b"".join(texts), np.uint8))
    parts = [arrow_texts_of(arrow_binary(column, lo, hi)) for lo, hi in cuts(len(texts), [column], most)]
    assert [part[i] for part in parts for i in range(len(part))] == texts
    assert arrow_texts_of(pa.array([b"a", b"bc"]).slice(1))[0] == b"bc"


def finding(number: int, lines: int, extent: tuple[int, int] | None, lateness: int) -> PartFinding:
    """What a part tells with a bad line, its second one, and a failure there."""
    name = stand_in(number, "run")
    failure = InputError(f"{name} from byte 7:2", "is bad")
    ledger = Ledger(lines=lines, bad=1, counted=lines - 1, max_lateness_us=lateness)
    lost = [("bad", b"\xff")]
    return PartFinding(
        ledger, lines, extent, [BadPlace(name, 2, 3, "bad")], [], lost, [], {}, [], failure, True
    )


def test_places_are_those_of_the_whole_file() -> None:
    splits = [SPLIT, SPLIT, Split(1, "/other", 0, None, None, "")]
    texts = {i: finding(i, 10, None, 0).written() for i in range(3)}
    found = read_findings(texts, splits, ['a "b"\\c', "other"], "run")
    assert [str(each.bad[0]) for each in found] == [
        'a "b"\\c:2:3: bad',
        'a "b"\\c:12:3: bad',
        "other:2:3: bad",
    ]
    assert [str(each.failure) for each in found] == [
        'a "b"\\c:2: is bad',
        'a "b"\\c:12: is bad',
        "other:2: is bad",
    ]
    assert found[0].lost == [("bad", b"\xff")]


def test_lateness_reaches_over_parts_of_an_input_but_not_to_another() -> None:
    splits = [SPLIT, SPLIT, Split(1, "/other", 0, None, None, "")]
    ledger = Ledger()
    parts = [finding(0, 3, (50, 100), 20), finding(1, 3, (70, 90), 5), finding(2, 3, (1, 2), 0)]
    add_up(ledger, parts, splits)
    assert (ledger.lines, ledger.bad, ledger.max_lateness_us) == (9, 3, 30)
