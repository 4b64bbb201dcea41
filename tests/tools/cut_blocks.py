"""What the records of an input are, read in blocks of any size."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streamstat.input.blocks.items import Block
from streamstat.input.blocks.sequential import MAX_LINE_BYTES, open_blocks
from streamstat.input.events import Events, decoder_of
from streamstat.input.formats import Format
from streamstat.input.sources.inputs import bytes_input
from streamstat.kernels import PADDING
from streamstat.values.columns import Kind, Need


class Record(NamedTuple):
    """A row, or a bad record, at [begin, end) of its input; the texts of fields, or line, column and reason."""

    begin: int
    end: int
    values: tuple[object, ...]


class Seen(NamedTuple):
    """All of an input: its rows, its bad records, and how many lines, blank records and NULs between records."""

    rows: list[Record]
    bad: list[Record]
    lines: int
    blank: int
    nuls: int


def seen(
    data: bytes,
    format: Format,
    paths: Sequence[str] = (),
    block_bytes: int = 1 << 20,
    max_line_bytes: int = MAX_LINE_BYTES,
) -> Seen:
    """The records of an input, read in blocks of about this size."""
    rows: list[Record] = []
    bad: list[Record] = []
    lines = blank = nuls = 0
    for block in blocks_of(data, format, block_bytes, max_line_bytes):
        events = decoder_of(block.format, dict.fromkeys(paths, Need.TEXT | Need.PRESENT)).decode(
            block.buffer[: block.size + PADDING], block.begin
        )
        base = block.position - block.size
        rows += rows_of(events, paths, base)
        for each in events.bad_records():
            bad.append(
                Record(base + each.begin, base + each.end, (lines + each.line, each.column, each.reason))
            )
        lines, blank, nuls = lines + events.lines, blank + events.blank, nuls + block.nuls + events.holes.nuls
    return Seen(rows, bad, lines, blank, nuls)


def blocks_of(data: bytes, format: Format, block_bytes: int, max_line_bytes: int) -> Iterator[Block]:
    """The blocks of an input that has this format."""
    choose = lambda head, complete: format  # noqa: E731
    for item in open_blocks([bytes_input(data, "-")], block_bytes, max_line_bytes, choose=choose):
        if isinstance(item, Block):
            yield item


def rows_of(events: Events, paths: Sequence[str], base: int) -> Iterator[Record]:
    """The rows of a block that begins at `base`; a text is None where the field is null, or is not there."""
    decoded = events._decoded
    columns = [(events.kinds(path), events.texts(path)) for path in paths]
    for row, (begin, end) in enumerate(
        zip(decoded.row_begins.tolist(), decoded.row_ends.tolist(), strict=True)
    ):
        values = tuple(
            None
            if kinds[row] == Kind.NULL
            else texts.data[texts.offsets[row] : texts.offsets[row + 1]].tobytes().decode()
            for kinds, texts in columns
        )
        yield Record(base + begin, base + end, values)
