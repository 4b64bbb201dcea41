"""CSV and TSV as other readers read them: Python's csv, and DuckDB. An empty cell is null here, and empty there."""

import csv
import io
import random
from pathlib import Path

import duckdb
import pytest

from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.tsv import Tsv
from streamstat.values.columns import Kind, Need

NAMES = ["a", "b", "c"]
PIECES = [*"x1,; é#\\\n", "1.50", "-7e3", "true", "null", '"', '""', "\r\n", "\U0001f600"]
Rows = list[list[str]]


def drawn(random_: random.Random, pieces: list[str]) -> Rows:
    """Cells of a few pieces each, many of them empty."""
    return [["".join(random_.choices(pieces, k=random_.randrange(4))) for _ in NAMES] for _ in range(200)]


def ours(format: Csv | Tsv, data: bytes) -> Rows:
    """The texts of all cells."""
    events = decode_bytes(decoder_of(format, dict.fromkeys(NAMES, Need.TEXT)), data)
    assert list(events.bad_records()) == []
    columns = [(events.kinds(name), events.texts(name)) for name in NAMES]
    words = {Kind.TRUE: "true", Kind.FALSE: "false"}  # which have no spelling of their own
    return [
        [words.get(Kind(kinds[row])) or texts[row].decode() for kinds, texts in columns]
        for row in range(events.rows)
    ]


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("seed", range(5))
def test_csv_is_read_as_python_and_duckdb_read_it(
    seed: int, end: str, separator: str, quoting: int, tmp_path: Path
) -> None:
    rows = drawn(random.Random(seed), PIECES)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([NAMES, *rows])
    data = text.getvalue()
    assert list(csv.reader(io.StringIO(data, newline=""), delimiter=separator)) == [NAMES, *rows]
    assert ours(Csv(separator), data.encode()) == rows
    path = tmp_path / "t.csv"
    path.write_bytes(data.encode())
    found = duckdb.sql(
        f"SELECT * FROM read_csv('{path}', header = true, all_varchar = true, delim = '{separator}', quote = '\"',"
        f" escape = '\"', columns = {{'a': 'VARCHAR', 'b': 'VARCHAR', 'c': 'VARCHAR'}}, parallel = false)"
    )
    assert found is not None
    assert [[cell or "" for cell in row] for row in found.fetchall()] == rows


@pytest.mark.parametrize("seed", range(5))
def test_tsv_is_read_as_it_was_escaped(seed: int) -> None:
    rows = drawn(random.Random(seed), [*PIECES, "\t"])
    escaped = [
        "\t".join(cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") for cell in row)
        for row in [NAMES, *rows]
    ]
    expected = [[*row[:-1], row[-1].removesuffix("\r")] for row in rows]  # of a line that ends in CR LF
    assert ours(Tsv(), "".join(f"{line}\n" for line in escaped).encode()) == expected
