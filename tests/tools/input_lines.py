"""Inputs read to their end: the lines that come out, those that should, and what failed."""

import contextlib
import io
import os
import threading
from collections.abc import Iterator
from typing import TypeAlias

from hypothesis import strategies as st

from streamstat.common.errors import StreamstatError
from streamstat.input.blocks.sequential import (
    BLOCK_BYTES,
    MAX_LINE_BYTES,
    PADDING,
    Block,
    InputEnds,
    OverLongLine,
    open_blocks,
)
from streamstat.input.sources import Input
from streamstat.input.sources.archives import archive_of
from streamstat.input.sources.codecs import CODECS, is_begun
from streamstat.input.sources.inputs import file_input
from streamstat.input.sources.utf16 import utf16_codec

Line: TypeAlias = tuple[int, bytes]  # position in the input, content with its newline
LongLine: TypeAlias = tuple[int, int]  # position, size
Seen: TypeAlias = list[Line | LongLine]
Result: TypeAlias = tuple[Seen, list[StreamstatError]]
MARK = b"\xef\xbb\xbf"
SOME_LINES = b"".join(b'{"n":%d,"text":"%x"}\n' % (i, i * i * 7919) for i in range(3000))


def oracle(data: bytes, max_line_bytes: int = MAX_LINE_BYTES) -> Seen:
    """The lines of an input, found the slow and obvious way; NULs in front of a line are no part of it."""
    seen: Seen = []
    position = 0
    for whole in data.split(b"\n"):
        ends = position + len(whole) < len(data)
        begin, line = behind_nuls(position, whole)
        mark = 3 if begin == 0 and line.startswith(MARK) else 0
        if len(line) - mark > max_line_bytes:
            seen.append((begin, len(line)))
        elif line or ends:
            seen.append((begin, line + b"\n" * ends))
        position += len(whole) + 1
    return seen


def behind_nuls(position: int, line: bytes) -> Line:
    """A line without the NULs in front of it, nor a mark in front of these, which only begins an input."""
    begin = 3 if position == 0 and line.startswith(MARK + b"\0") else 0
    content = line[begin:].lstrip(b"\0")
    return position + len(line) - len(content), content


def read(inputs: list[Input], block_bytes: int = BLOCK_BYTES, max_line_bytes: int = MAX_LINE_BYTES) -> Result:
    """All lines of the inputs, checking what each block promises; and what failed."""
    seen: Seen = []
    errors: list[StreamstatError] = []
    with open_blocks(inputs, block_bytes, max_line_bytes) as items:
        for item in items:
            if isinstance(item, Block):
                seen += lines_of(item)
                item.release()
            elif isinstance(item, OverLongLine):
                seen.append((item.begin, item.size))
            elif isinstance(item, InputEnds) and item.error is not None:
                errors.append(item.error)
    return seen, errors


def lines_of(block: Block) -> list[Line]:
    content = block.tobytes()
    assert content
    assert len(block.buffer) >= block.size + PADDING
    assert block.last != content.endswith(b"\n")
    seen, position = [], block.position - block.size
    assert block.first == (position == 0)
    for line in io.BytesIO(content):  # cuts at \n only
        if (found := behind_nuls(position, line))[1]:
            seen.append(found)
        position += len(line)
    return seen


def text(seen: Seen) -> bytes:
    return b"".join(content for _, content in seen if isinstance(content, bytes))


@contextlib.contextmanager
def piped(pieces: list[bytes]) -> Iterator[Input]:
    """A pipe that is written piece by piece, as an input."""
    reader, writer = os.pipe()

    def write() -> None:
        with io.FileIO(writer, "w") as pipe, contextlib.suppress(BrokenPipeError):
            for piece in pieces:
                pipe.write(piece)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield file_input(f"/dev/fd/{reader}")
    finally:
        os.close(reader)
        thread.join()


def in_pieces(data: bytes, size: int) -> list[bytes]:
    return [data[i : i + size] for i in range(0, len(data), size)]


nuls = st.integers(1, 70).map(bytes)


def is_packed(data: bytes) -> bool:
    """Whether the bytes stand for others, or for none."""
    is_compressed = any(is_begun(codec, data) for codec in CODECS)
    return is_compressed or utf16_codec(data) is not None or archive_of(data) is not None


lines = st.lists(
    st.binary(max_size=12) | st.just(b"") | nuls | st.builds(bytes.__add__, nuls, st.binary()), max_size=12
)
streams = st.builds(
    lambda start, parts, end: start + b"\n".join(parts) + end,
    st.sampled_from([b"", b"{", MARK]),
    lines,
    st.sampled_from([b"", b"\n", b"\r\n", b"\n\n"]),
).filter(lambda data: not is_packed(data))


def content_of(item: object) -> bytes:
    assert isinstance(item, Block)
    content = item.tobytes()
    item.release()
    return content
