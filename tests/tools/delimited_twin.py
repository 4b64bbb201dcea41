"""CSV, TSV and W3C logs read plainly, a byte at a time: each record as it stands, bad, blank or its cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.line_verdicts import Cell, Row
from tools.log_twins import NULL, typed

Table = tuple[list[tuple[bytes, Row]], list[bytes], int]  # rows with their records, bad records, blank ones


@dataclass(frozen=True)
class Found:
    """A record: its bytes and cells. ended: its end stands there; open: more bytes could close its quotes."""

    begin: int
    end: int
    cells: tuple[Cell, ...] = ()
    bad: bool = False
    blank: bool = False
    ended: bool = True
    open: bool = False


def csv_records(data: bytes, separator: bytes) -> Iterator[Found]:
    """All records, with the heading."""
    at = _behind_nuls(data, 0)
    while at < len(data):
        found = _csv_record(data, at, separator)
        yield found
        at = _behind_nuls(data, found.end)


def rows_of(data: bytes, found: Sequence[Found], paths: Sequence[str]) -> Table:
    """What a table holds; its first good record is the heading."""
    names: list[str] | None = None
    rows: list[tuple[bytes, Row]] = []
    bad: list[bytes] = []
    for each in found:
        record = data[each.begin : each.end]
        if each.bad:
            bad.append(record)
        elif each.blank:
            continue
        elif names is None:
            names = [text for _, text in each.cells]
        elif len(each.cells) != len(names) or not is_utf8(record):
            bad.append(record)
        else:
            row = dict(zip(names, each.cells, strict=True))
            rows.append((record, {path: row[path] for path in paths if path in row}))
    return rows, bad, sum(each.blank for each in found)


def _behind_nuls(data: bytes, at: int) -> int:
    while data[at : at + 1] == b"\0":
        at += 1
    return at


def _end_of_line(data: bytes, at: int) -> tuple[int, bool]:
    newline = data.find(b"\n", at)
    return (newline + 1, True) if newline >= 0 else (len(data), False)


def _csv_record(data: bytes, begin: int, separator: bytes) -> Found:
    line, ended = _end_of_line(data, begin)
    if not data[begin:line].strip(b" \t\r\n" if separator != b"\t" else b" \r\n"):
        return Found(begin, line, blank=True, ended=ended)
    cells: list[Cell] = []
    at = begin
    while True:
        quoted = data[at : at + 1] == b'"'
        cell, at = _quoted(data, at) if quoted else _bare(data, at, separator)
        if cell is None:
            return Found(begin, line, bad=True, ended=ended, open=True)
        cells.append(cell)
        if data[at : at + 1] == separator:
            at += 1
            continue
        end, ended = next(
            ((at + len(each), True) for each in (b"\r\n", b"\n") if data[at : at + len(each)] == each),
            (len(data), False),
        )
        if not ended and data[at:] not in (b"", b"\r"):
            return Found(begin, line, bad=True, ended=b"\n" in data[begin:line])
        return Found(begin, end, tuple(cells), ended=ended)


def _quoted(data: bytes, at: int) -> tuple[Cell | None, int]:
    text, at = b"", at + 1
    while (quote := data.find(b'"', at)) >= 0:
        text += data[at:quote]
        if data[quote + 1 : quote + 2] != b'"':
            return ("text", text.decode("utf-8", "replace")), quote + 1
        text, at = text + b'"', quote + 2
    return None, at


def _bare(data: bytes, begin: int, separator: bytes) -> tuple[Cell, int]:
    at = begin
    while at < len(data) and data[at : at + 1] not in (separator, b"\n"):
        if data[at:] == b"\r" or data[at : at + 2] == b"\r\n":
            break
        at += 1
    return typed(data[begin:at].decode("utf-8", "replace")), at


def tsv_records(data: bytes) -> Iterator[Found]:
    """All lines, with the heading."""
    at = _behind_nuls(data, 0)
    while at < len(data):
        end, ended = _end_of_line(data, at)
        line = data[at:end].removesuffix(b"\n").removesuffix(b"\r")
        if not line.strip(b" \r"):
            yield Found(at, end, blank=True, ended=ended)
        else:
            cells = tuple(map(tsv_cell, line.decode("utf-8", "replace").split("\t")))
            yield Found(at, end, cells, ended=ended)
        at = _behind_nuls(data, end)


def is_utf8(record: bytes) -> bool:
    try:
        record.decode()
    except UnicodeDecodeError:
        return False
    return True


def tsv_cell(text: str) -> Cell:
    """A cell between tabs."""
    kind, _ = cell = typed(text)
    if kind != "text":
        return cell
    meant = {"t": "\t", "n": "\n", "\\": "\\"}
    out, at = "", 0
    while at < len(text):
        escape = text[at] == "\\" and text[at + 1 : at + 2] in meant and at + 1 < len(text)
        out += meant[text[at + 1]] if escape else text[at]
        at += 1 + escape
    return "text", out


def w3c_rows(data: bytes, paths: Sequence[str]) -> tuple[list[Row], int, int]:
    """Rows, and how many lines are bad and blank."""
    names: list[str] = []
    rows: list[Row] = []
    bad = blank = 0
    *whole, rest = data.split(b"\n")
    for raw in [*whole, rest] if rest.strip(b"\0") else whole:
        line = raw.lstrip(b"\0").removesuffix(b"\r")
        if line.startswith(b"#Fields:"):
            names = line.decode("utf-8", "replace").removeprefix("#Fields:").replace("\t", " ").split(" ")
            names = [name for name in names if name.strip("\r")]
        if line.startswith(b"#"):
            continue
        if not line.strip(b" \t\r"):
            blank += 1
            continue
        cells = _w3c_cells(line)
        if cells is None or len(cells) != len(names):
            bad += 1
            continue
        row = dict(zip(names, cells, strict=True))
        if "date" in row and "time" in row and NULL not in (row["date"], row["time"]):
            row["time"] = "text", f"{spelt(line, names, 'date')} {spelt(line, names, 'time')}Z"
        rows.append({path: row[path] for path in paths if path in row})
    return rows, bad, blank


def spelt(line: bytes, names: Sequence[str], name: str) -> str:
    """The last cell of that name as it stands in the line."""
    place = len(names) - 1 - list(reversed(names)).index(name)
    return _w3c_split(line)[place]


def _w3c_split(line: bytes) -> list[str]:
    text = line.decode()
    separator = next((c for c in text if c in " \t"), "\t")
    return text.split(separator)


def _w3c_cells(line: bytes) -> list[Cell] | None:
    try:
        return [NULL if each == "-" else typed(each) for each in _w3c_split(line)]
    except UnicodeDecodeError:
        return None
