"""Tables against plain twins on hostile bytes, whole and cut anywhere."""

from collections.abc import Sequence
from itertools import pairwise, takewhile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.delimited_twin import Table, csv_records, rows_of, tsv_records, w3c_rows
from tools.line_verdicts import NEEDS, Row, cells_of

from streamstat.input.blocks.sequential import Block, open_blocks
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats import Format, format_from_record, format_record
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.tsv import Tsv
from streamstat.input.formats.w3c import W3c
from streamstat.input.sources.memory import pieces_input
from streamstat.kernels import QuotedRecords

PATHS = ("a", "b", "c", "time", "date", "x\ny", '"', "\ufffd")
COMMON = [
    b"a",
    b"b",
    b"1",
    b"-0.5",
    b"true",
    b" ",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    "\u00e9".encode(),
    b"\xff",
    b"\xe2",
]
LONG = [b"x" * 63, b"y" * 130, b"2026-05-01T10:00:00Z"]
SEPARATORS = st.sampled_from([",", ";", "\t", "|"])


def drawn(tokens: Sequence[bytes], heading: bytes) -> st.SearchStrategy[bytes]:
    body = st.lists(st.sampled_from([*COMMON, *LONG, *tokens]), max_size=60).map(b"".join)
    return st.tuples(st.sampled_from([heading, heading, b""]), body).map(b"".join)


def tables(separator: str) -> st.SearchStrategy[bytes]:
    c = separator.encode()
    return drawn(
        [c, c, c, b'"', b'"', b'""', c + b'"', b'"' + c, b'"\n', b'\n"', b'"\r\n'], b"a" + c + b"b\n"
    )


def table(format: Format, data: bytes) -> Table:
    """What a block holds."""
    events = decode_bytes(decoder_of(format, dict.fromkeys(PATHS, NEEDS)), data)
    records = events.records_of(np.arange(events.rows))
    rows = [(record, cells_of(events, PATHS, row)) for row, record in enumerate(records)]
    bad = [events.bytes_of(each) for each in events.bad_records()]
    assert events.records == len(rows) + len(bad) + events.blank
    return rows, bad, events.blank


def in_blocks(format: Format, pieces: Sequence[bytes], block_bytes: int) -> Table:
    """The same of all blocks, each with the format as it stands at its first record, as a checkpoint keeps it."""
    rows: list[tuple[bytes, Row]] = []
    bad: list[bytes] = []
    blank = 0
    for item in open_blocks([pieces_input(pieces, "in")], block_bytes, choose=lambda _, __: format):
        if isinstance(item, Block):
            kept = format_from_record(format_record(item.format))
            assert kept == item.format and kept is not None
            more = table(kept, item.tobytes()[item.begin :])
            rows, bad, blank = rows + more[0], bad + more[1], blank + more[2]
    return rows, bad, blank


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[lo:hi] for lo, hi in pairwise(edges)]


@given(st.data())
def test_csv_is_what_the_plain_reader_reads(data: st.DataObject) -> None:
    separator = data.draw(SEPARATORS)
    content = data.draw(tables(separator))
    assert table(Csv(separator), content) == rows_of(
        content, list(csv_records(content, separator.encode())), PATHS
    )


@given(drawn([b"\t", b"\t", b"\t", b"\\", b"\\t", b"\\n", b'"'], b"a\tb\n"))
def test_tsv_is_csv_without_quotes_and_with_backslashes(data: bytes) -> None:
    rows, bad, blank = table(Tsv(), data)
    plain = rows_of(data, list(tsv_records(data)), PATHS)
    assert (rows, bad, blank) == plain


@given(
    drawn([b" ", b" ", b"\t", b"#", b"-", b"#Fields: a b\n", b"\n#Fields: time date\n"], b"#Fields: a b\n")
)
def test_w3c_is_what_the_plain_reader_reads(data: bytes) -> None:
    rows, bad, blank = table(W3c(), data)
    assert ([row for _, row in rows], len(bad), blank) == w3c_rows(data, PATHS)


@given(
    st.data(),
    st.sampled_from([b"", b"", b"\xef\xbb\xbf"]),
    st.lists(st.integers(0, 1 << 20), max_size=12),
    st.sampled_from([1, 7, 64, 1 << 20]),
)
def test_tables_do_not_depend_on_cuts(
    data: st.DataObject, mark: bytes, places: list[int], block_bytes: int
) -> None:
    formats: list[Format] = [Csv(), Csv(";", ("a", "b"), False), Tsv(), W3c()]
    format = data.draw(st.sampled_from(formats))
    content = data.draw(tables(";" if format == formats[1] else "\t" if format == Tsv() else ","))
    if isinstance(format, W3c):
        content = content.replace(b",", b" ").replace(b'""', b"\n#Fields: b a\n")
    assert in_blocks(format, cut(mark + content, places), block_bytes) == table(format, content)


@given(st.data(), st.lists(st.integers(0, 1 << 20), max_size=12))
def test_whole_records_of_csv_end_where_the_plain_reader_ends_them(
    data: st.DataObject, places: list[int]
) -> None:
    content = data.draw(tables(","))
    found = list(csv_records(content, b","))
    records, base, shown = QuotedRecords(","), 0, b""
    for piece in cut(content, places):
        shown += piece
        end = records.end(memoryview(shown))
        if end:
            records.taken(end)
            base, shown = base + end, shown[end:]
    expected = 0
    for each in takewhile(lambda each: each.ended and not each.open, found):
        expected = each.end
    assert base == expected


@pytest.mark.parametrize(
    ("data", "limit", "records"),
    [
        (b'a,b\n"x\n1,2\n3,4\n5,6\n', 9, [b"1,2\n", b"3,4\n", b"5,6\n"]),
        (b'a,b\n"1\n5678",6\n5,6\n', 9, [b'5678",6\n', b"5,6\n"]),
        (b'a,b\n"1\n5678",6\n5,6\n', 10, [b'"1\n5678",6\n', b"5,6\n"]),
        (b'a,b\n1,"123456789\n"x",6\n5,6\n', 9, [b'"x",6\n', b"5,6\n"]),
    ],
)
@pytest.mark.parametrize("block_bytes", [1, 5, 1 << 20])
def test_a_record_that_is_too_long_ends_with_its_first_line(
    data: bytes, limit: int, records: list[bytes], block_bytes: int
) -> None:
    found: list[bytes] = []
    for item in open_blocks([pieces_input([data], "in")], block_bytes, limit, choose=lambda _, __: Csv()):
        if isinstance(item, Block):
            found += [record for record, _ in table(item.format, item.tobytes())[0]]
    assert found == records
