"""What a decoder makes of each line, in a form that a plain twin can give too."""

from collections.abc import Mapping, Sequence

from oracle import lines

from streamstat.input.decoding import DecodesBlocks
from streamstat.input.events import Events, decode_bytes, decoder_of, padded
from streamstat.input.formats import Format
from streamstat.kernels import TimeReader
from streamstat.values.columns import Kind, Need

KINDS = {
    Kind.NULL: "null",
    Kind.FALSE: "false",
    Kind.TRUE: "true",
    Kind.INTEGER: "number",
    Kind.DOUBLE: "number",
    Kind.HUGE: "number",
    Kind.TEXT: "text",
}
NEEDS = Need.TEXT | Need.PRESENT | Need.HASH | Need.CODE | Need.NUMBER | Need.TIME
Cell = tuple[str, str]
Row = Mapping[str, Cell]  # names that are not there have none
Verdict = str | Row


def verdicts(format: Format, data: bytes, paths: Sequence[str]) -> list[Verdict]:
    """For each line: blank, bad, or its cells; of all that can be needed of them, the kind and the text."""
    events = decode_bytes(decoder_of(format, dict.fromkeys(paths, NEEDS)), data)
    rows = iter(range(events.rows))
    bad = {each.line for each in events.bad_records()}
    found: list[Verdict] = []
    for number, line in enumerate(lines.split_lines(data)):
        if number in bad:
            found.append("bad")
        elif lines.is_blank(line):
            found.append("blank")
        else:
            found.append(cells_of(events, paths, next(rows)))
    assert next(rows, None) is None
    assert (events.lines, events.blank) == (len(found), found.count("blank"))
    return found


def row_of(format: Format, line: bytes, paths: Sequence[str]) -> Row:
    """The cells of the one line."""
    (row,) = verdicts(format, line, paths)
    assert not isinstance(row, str), faults(format, line)
    return row


def faults(format: Format, data: bytes, paths: Sequence[str] = ()) -> list[tuple[str, int]]:
    """What is said of each bad line, and its column."""
    events = decode_bytes(decoder_of(format, dict.fromkeys(paths, NEEDS)), data)
    return [(each.reason, each.column) for each in events.bad_records()]


def names(format: Format, data: bytes) -> list[str]:
    """The names of the first valid record."""
    native: DecodesBlocks = format.native([], TimeReader())
    return [name.decode() for name in native.names(padded(data), 0)]


def cells_of(events: Events, paths: Sequence[str], row: int) -> Row:
    return {path: _cell(events, path, row) for path in paths if events.present(path)[row]}


def _cell(events: Events, path: str, row: int) -> Cell:
    texts = events.texts(path)
    text = texts.data[texts.offsets[row] : texts.offsets[row + 1]].tobytes().decode()
    return KINDS[Kind(events.kinds(path)[row])], text
