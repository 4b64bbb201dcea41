"""What an input looks like that cannot be read, by its first bytes."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.packers import tar_of, zip_of

from streamstat.input.appearance import looks_like
from streamstat.input.detection import asked
from streamstat.input.formats import FormatOptions
from streamstat.input.formats.cri import Cri
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.ndjson import Ndjson
from streamstat.input.formats.re import Re
from streamstat.input.sources.inputs import STDIN_NAME

LINE = '{"ts": 1, "route": "/a", "status": 200}\n'


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (
            b"PAR1\x15\x04",
            "Parquet: duckdb -c \"copy (from 'my file') to '/dev/stdout' (format json)\" | streamstat run",
        ),
        (b"Obj\x01\x04\x16avro.schema", "Avro: avro-tools tojson 'my file' | streamstat run"),
        (
            b"SQLite format 3\0\x10",
            "an SQLite database: sqlite3 -json 'my file' 'select * from TABLE' | streamstat run",
        ),
        (b"__CURSOR=s=1\n__REALTIME", "an export of systemd's journal: journalctl -o json | streamstat run"),
        (b"\xd4\xc3\xb2\xa1\x02\0\x04\0", "a pcap capture: tshark -r 'my file' -T ek writes JSON lines"),
        (b"\x7fELF\x02\x01\x01\0", "a program (ELF)"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a picture (PNG)"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (zip_of(b"{}\n"), "a ZIP archive: unzip -p 'my file' | streamstat run"),
        (tar_of(b"{}\n"), "a tar archive: tar -xOf 'my file' | streamstat run"),
        (gzip.compress(b"{}\n", mtime=0), "gzip data, compressed twice: zcat 'my file' | streamstat run"),
        (
            LINE.encode("utf-16-le"),
            "UTF-16LE without a byte-order mark: iconv -f UTF-16LE -t UTF-8 'my file' | streamstat run",
        ),
        (
            LINE.encode("utf-16-be"),
            "UTF-16BE without a byte-order mark: iconv -f UTF-16BE -t UTF-8 'my file' | streamstat run",
        ),
        (b"<!DOCTYPE html>\n<html>", "HTML, a web page"),
        (b"\n <HTML lang=en>", "HTML, a web page"),
        (b'<?xml version="1.0"?>\n<a/>', "XML: yq -p xml -o json -I 0 'my file' | streamstat run"),
        (b'<event id="1">\n', "XML: yq -p xml -o json -I 0 'my file' | streamstat run"),
        (b"---\nkey: 1\n", "YAML: yq -o json -I 0 'my file' | streamstat run"),
        (b"name: a\nlist:\n  - b\n", "YAML: yq -o json -I 0 'my file' | streamstat run"),
        (b"{'ts': 1}\n", "dictionaries as Python prints them: json.dumps(event) writes JSON"),
        (b"Hello world, this is a letter.\nIt goes on.\n", "plain text"),
        (b"Some words, here\nand others, there\n", "plain text"),
        (b"ts,v\n1,2\n3,", "csv: --input csv reads it"),
        (b"ts;v\n1,5;2\n", "csv: --input csv --separator ';' reads it"),
        (b"a|b|c\n1|2|3\n", "csv: --input csv --separator '|' reads it"),
        (b"ts\tv\n1\t2\n", "tsv: --input tsv reads it"),
        (
            b"2026-01-01 10:00:00,123 INFO x\n2026-01-01 10:00:01,124 INFO y\n",
            "lines of text that begin with a time: --input"
            r" 're:^(?P<time>\d+-\d+-\d+ \d+:\d+:\d+,\d+) *(?P<message>.*)' reads them",
        ),
        (b"\x01\x02\x03\x04\x05\n", "binary data"),
        (b"\xe4\xf6\xfc\xdf\n", "binary data"),
    ],
)
def test_first_bytes_tell_what_it_is_and_what_reads_it(head: bytes, said: str) -> None:
    assert str(looks_like(head, "my file", Ndjson())) == f"it looks like {said}"


@pytest.mark.parametrize(
    "head", [b"", b"\n", b"x\n", b"[1]\n", b'{"ts": 01}\n', b"{]\n", b"2026-01-01\n", b"a,b\nc\n"]
)
def test_what_tells_nothing_is_not_guessed(head: bytes) -> None:
    assert looks_like(head, "a", Ndjson()) is None


def test_what_is_read_as_a_table_does_not_look_like_one() -> None:
    assert looks_like(b"ts;v\n1;2\n", "a", Csv(";")) is None


def test_a_file_is_named_where_the_input_has_no_name() -> None:
    assert str(looks_like(b"Obj\x01", STDIN_NAME, Ndjson())).endswith(
        "avro-tools tojson FILE | streamstat run"
    )
    quoted = looks_like(b"PAR1", "it's", Ndjson())
    assert quoted is not None and "(from 'it''s')" in quoted.remedy


@given(st.binary(max_size=300) | st.text("{}[]\"':,\n <>-ab=.1", max_size=60).map(str.encode))
def test_any_bytes_have_an_answer_of_one_line(head: bytes) -> None:
    assert "\n" not in str(looks_like(head, "a", Ndjson()))


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'192.0.2.7 - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 1\n192.0', "combined"),
        (b"ts,k,v\n1,a,2\n3,", "csv"),
        (b"time=1 k=a v=2\n", "logfmt"),
        (b"words\n" + LINE.encode() * 2, "ndjson"),
    ],
)
def test_records_of_another_format_are_told_with_the_option_that_reads_them(head: bytes, name: str) -> None:
    said = f"it looks like {name}: --input {name} reads it"
    assert str(looks_like(head, "a", Cri())) == said
    assert looks_like(head, "a", Re(r"(?P<a>\w)")) is None  # who chose it reads all of that
    itself = asked(name, FormatOptions())
    assert itself is not None and looks_like(head, "a", itself) is None
