"""Sources: the same bytes give the same lines, whatever carries them and wherever blocks are cut."""

import bz2
import contextlib
import gzip
import io
import lzma
import os
import signal
import subprocess
import sys
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from errno import EIO
from pathlib import Path
from typing import NoReturn, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.errors import ExitCode, MissingInputError, ReadWriteError, StreamstatError
from streamstat.sources import Input, Source, Stop, compressed
from streamstat.sources.blocks import (
    BLOCK_BYTES,
    MAX_LINE_BYTES,
    PADDING,
    Block,
    BlockReader,
    InputBegins,
    InputEnds,
    OverLongLine,
    open_blocks,
)
from streamstat.sources.codecs import CODECS, Codec, is_begun
from streamstat.sources.inputs import (
    bytes_input,
    expand,
    file_input,
    input_of,
    pieces_input,
    stdin_input,
    stream_input,
)
from streamstat.sources.marks import Mark
from streamstat.sources.memory import MemorySource

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Line: TypeAlias = tuple[int, bytes]  # position in the input, content with its newline
LongLine: TypeAlias = tuple[int, int]  # position, size
Seen: TypeAlias = list[Line | LongLine]
Result: TypeAlias = tuple[Seen, list[StreamstatError]]

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd.compress,
}
SOME_LINES = b"".join(b'{"n":%d,"text":"%x"}\n' % (i, i * i * 7919) for i in range(3000))


def oracle(data: bytes, max_line_bytes: int = MAX_LINE_BYTES) -> Seen:
    """The lines of an input, found the slow and obvious way."""
    seen: Seen = []
    position = 0
    for line in data.split(b"\n"):
        ends = position + len(line) < len(data)
        mark = 3 if position == 0 and line.startswith(b"\xef\xbb\xbf") else 0
        if len(line) - mark > max_line_bytes:
            seen.append((position, len(line)))
        elif line or ends:
            seen.append((position, line + b"\n" * ends))
        position += len(line) + 1
    return seen


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
        seen.append((position, line))
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


lines = st.lists(st.binary(max_size=12) | st.just(b""), max_size=12)
streams = st.builds(
    lambda start, parts, end: start + b"\n".join(parts) + end,
    st.sampled_from([b"", b"{", b"\xef\xbb\xbf"]),
    lines,
    st.sampled_from([b"", b"\n", b"\r\n", b"\n\n"]),
).filter(lambda data: not any(is_begun(codec, data) for codec in CODECS))


class TestSameBytesSameLines:
    @given(streams, st.integers(1, 64), st.integers(4, 20), st.integers(1, 5))
    def test_whatever_the_blocks_the_limit_and_the_pieces(
        self, data: bytes, block_bytes: int, max_line_bytes: int, piece: int
    ) -> None:
        expected: Result = (oracle(data, max_line_bytes), [])
        for one in (
            bytes_input(data),
            pieces_input(in_pieces(data, piece)),
            stream_input(io.BytesIO(data)),
            stream_input(io.BufferedReader(io.BytesIO(data), piece)),
        ):
            assert read([one], block_bytes=block_bytes, max_line_bytes=max_line_bytes) == expected

    @given(streams, st.integers(1, 64), st.integers(1, 5))
    @settings(max_examples=30, deadline=None)
    def test_through_a_pipe(self, data: bytes, block_bytes: int, piece: int) -> None:
        with piped(in_pieces(data, piece)) as one:
            assert read([one], block_bytes=block_bytes) == (oracle(data), [])

    @pytest.mark.parametrize("packer", PACKERS)
    @given(st.lists(streams, min_size=1, max_size=3), st.integers(1, 64), st.integers(1, 9), st.booleans())
    @settings(max_examples=40, deadline=None)
    def test_compressed_in_several_members(
        self, packer: str, parts: list[bytes], block_bytes: int, piece: int, padded: bool
    ) -> None:
        packed = b"".join(PACKERS[packer](part) + b"\0" * 512 * padded for part in parts)
        expected: Result = (oracle(b"".join(parts)), [])
        assert read([bytes_input(packed)], block_bytes=block_bytes) == expected
        assert read([pieces_input(in_pieces(packed, piece))], block_bytes=block_bytes) == expected

    @pytest.mark.parametrize("packer", ["none", *PACKERS])
    @pytest.mark.parametrize("block_bytes", [100, 4096, 1 << 22])
    def test_as_file_and_as_pipe_of_single_bytes(self, tmp_path: Path, packer: str, block_bytes: int) -> None:
        data = SOME_LINES[:20_000]
        packed = PACKERS.get(packer, bytes)(data)
        path = tmp_path / "no-telling-suffix"
        path.write_bytes(packed)
        assert read([file_input(path)], block_bytes=block_bytes) == (oracle(data), [])
        with piped(in_pieces(packed, 1)) as one:
            assert read([one], block_bytes=block_bytes) == (oracle(data), [])

    def test_large_blocks_of_a_compressed_file_hold_all_of_a_large_input(self) -> None:
        data = SOME_LINES * 60
        for packer in PACKERS.values():
            assert read([bytes_input(packer(data))]) == (oracle(data), [])

    def test_inputs_follow_each_other_and_lines_never_run_together(self) -> None:
        with open_blocks([bytes_input(b"a\nb", "x"), bytes_input(b"", "y"), bytes_input(b"c", "z")]) as items:
            told = [
                (i.input, i.position - i.size, i.tobytes(), i.first, i.last) if isinstance(i, Block) else i
                for i in items
            ]
        assert told == [
            InputBegins(0, "x", True),
            (0, 0, b"a\n", True, False),
            (0, 2, b"b", False, True),
            InputEnds(0, None),
            InputBegins(1, "y", True),
            InputEnds(1, None),
            InputBegins(2, "z"),
            (2, 0, b"c", True, True),
            InputEnds(2, None),
        ]


class TestFromAPosition:
    @pytest.mark.parametrize("packer", ["none", *PACKERS])
    @given(data=streams, place=st.integers(0, 12), block_bytes=st.integers(1, 64))
    @settings(max_examples=40, deadline=None)
    def test_the_rest_is_read_from_the_mark_of_any_line(
        self, tmp_path_factory: pytest.TempPathFactory, packer: str, data: bytes, place: int, block_bytes: int
    ) -> None:
        path = tmp_path_factory.mktemp("at") / "events"
        path.write_bytes(PACKERS.get(packer, bytes)(data))
        with open_blocks([file_input(path)], block_bytes) as items:
            marks = [Mark(), *(item.mark for item in items if isinstance(item, Block))]
        mark = marks[min(place, len(marks) - 1)]
        assert (mark.head, mark.tail) == (data[: mark.position][:4096], data[: mark.position][-256:])
        rest = [line for line in oracle(data) if line[0] >= mark.position]
        assert read([replace(file_input(path), mark=mark)], block_bytes) == (rest, [])

    def test_a_file_is_not_read_up_to_there(self, tmp_path: Path) -> None:
        path = tmp_path / "events"
        path.write_bytes(SOME_LINES)
        with open_blocks([replace(file_input(path), mark=Mark(len(SOME_LINES) - 100))]) as items:
            assert len(list(items)) == 3
            assert items.bytes_read == 100

    def test_the_last_line_of_a_growing_input_waits_for_its_newline(self) -> None:
        growing = replace(bytes_input(b"a\nb"), growing=True)
        assert read([growing]) == ([(0, b"a\n")], [])
        assert read([growing], max_line_bytes=4) == ([(0, b"a\n")], [])
        assert read([replace(bytes_input(b"a\n" + b"b" * 99), growing=True)], 8, 8) == ([(0, b"a\n")], [])

    def test_a_stop_is_heard_on_the_way_there(self, tmp_path: Path) -> None:
        path = tmp_path / "events.gz"
        path.write_bytes(gzip.compress(SOME_LINES * 100))

        class Stopping(MemorySource):
            def read_now(self, target: memoryview) -> int | None:
                items.stop()
                return super().read_now(target)

        one = Input("events", lambda stop: Stopping(path.read_bytes()), mark=Mark(len(SOME_LINES) * 99))
        items = open_blocks([one])
        assert list(items)[1:] == [InputEnds(0, None, stopped=True)]
        assert items.bytes_read < path.stat().st_size / 4

    def test_the_mark_behind_an_over_long_line_knows_nothing_of_its_bytes(self) -> None:
        with open_blocks([bytes_input(b"ok\n" + b"x" * 50 + b"\nok\n")], 8, max_line_bytes=8) as items:
            marks = [item.mark for item in items if isinstance(item, Block | OverLongLine)]
        assert marks == [Mark(3, b"ok\n", b"ok\n"), Mark(54, b"ok\n"), Mark(57, b"ok\n", b"ok\n")]


class TestFirstBytes:
    @pytest.mark.parametrize(
        "data", [b"\x1f", b"BZ", b"BZh9 is no archive\n", b"\xfd7zXZ", b"\x28\xb5", b"P*M\n", b"\0\0\n", b""]
    )
    def test_that_only_resemble_a_format_are_plain(self, data: bytes) -> None:
        for one in (bytes_input(data), pieces_input(in_pieces(data, 1))):
            assert read([one]) == (oracle(data), [])

    def test_skippable_frames_are_zstd(self) -> None:
        frame = b"\x5a\x2a\x4d\x18\x04\0\0\0\n\n\n\n"
        packed = frame + zstd.compress(b"a\n") + frame + zstd.compress(b"b")
        assert read([pieces_input(in_pieces(packed, 1))]) == (oracle(b"a\nb"), [])

    def test_a_window_over_128_mib_is_refused(self) -> None:
        options: dict[int, int] = {zstd.CompressionParameter.window_log: 28}
        compressor = zstd.ZstdCompressor(options=options)
        seen, errors = read([bytes_input(compressor.compress(b"a\n") + compressor.flush(), "big.zst")])
        assert (seen, [error.exit_code for error in errors]) == ([], [ExitCode.INPUT_OUTPUT])

    def test_a_dictionary_over_128_mib_is_refused(self) -> None:
        filters = [
            {"id": lzma.FILTER_LZMA2, "dict_size": 256 << 20, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3}
        ]
        seen, errors = read([bytes_input(lzma.compress(b"a\n" * 9, filters=filters), "big.xz")])
        assert (seen, [error.exit_code for error in errors]) == ([], [ExitCode.INPUT_OUTPUT])


class TestDamage:
    @pytest.mark.parametrize("packer", PACKERS)
    @given(cut=st.integers(11, 100_000), piece=st.integers(1, 9000))
    @settings(max_examples=25, deadline=None)
    def test_truncated_input_gives_its_whole_lines_then_the_error(
        self, packer: str, cut: int, piece: int
    ) -> None:
        packed = PACKERS[packer](SOME_LINES)
        packed = packed[: 11 + cut % (len(packed) - 11)]
        seen, errors = read([bytes_input(packed, "cut.log")])
        assert SOME_LINES.startswith(text(seen))
        assert all(content.endswith(b"\n") for _, content in seen if isinstance(content, bytes))
        assert [(e.place, e.problem, e.exit_code) for e in errors] == [
            ("cut.log", f"truncated {packer} data", ExitCode.INPUT_OUTPUT)
        ]
        assert read([pieces_input(in_pieces(packed, piece), "cut.log")])[0] == seen

    def test_truncated_gzip_gives_every_line_that_can_be_decoded(self) -> None:
        packed = gzip.compress(SOME_LINES)
        packed = packed[: len(packed) // 2]
        decoded = zlib.decompressobj(wbits=31).decompress(packed)
        assert len(decoded) > 10_000
        assert text(read([bytes_input(packed)])[0]) == decoded[: decoded.rindex(b"\n") + 1]

    @given(st.integers(20, 10_000), st.integers(1, 255), st.integers(1, 9000))
    @settings(max_examples=40, deadline=None)
    def test_damaged_gzip_gives_all_before_the_damage_however_it_comes(
        self, place: int, flip: int, piece: int
    ) -> None:
        packed = bytearray(gzip.compress(SOME_LINES))
        packed[place] ^= flip
        decoder, decoded, damaged = zlib.decompressobj(wbits=31), b"", False
        with contextlib.suppress(zlib.error):
            damaged = True
            for i in range(len(packed)):
                decoded += decoder.decompress(packed[i : i + 1])
            damaged = False
        expected = decoded[: decoded.rfind(b"\n") + 1]
        for one in (bytes_input(packed), pieces_input(in_pieces(bytes(packed), piece))):
            seen, errors = read([one], block_bytes=1000)
            assert text(seen) == (expected if damaged or not decoder.eof else decoded)
            assert len(errors) == (damaged or not decoder.eof)

    def test_damaged_gzip_gives_all_before_the_damage_where_it_takes_many_steps(self) -> None:
        lines = b"".join(os.urandom(50).hex().encode() + b"\n" for _ in range(20_000))
        packed = bytearray(gzip.compress(lines, 1))
        decoder, place = zlib.decompressobj(wbits=31), len(packed) * 3 // 4
        packed[place : place + 64] = b"\xff" * 64
        assert place > 4 * CODECS[0].step_bytes
        decoded = b""
        with pytest.raises(zlib.error):
            for byte in in_pieces(bytes(packed), 1):
                decoded += decoder.decompress(byte)
        seen, errors = read([bytes_input(packed, "x")])
        assert text(seen) == decoded[: decoded.rfind(b"\n") + 1]
        assert errors[0].problem.startswith("damaged gzip data (Error -3 while decompressing data: invalid ")

    @pytest.mark.parametrize(("packer", "package"), [("gzip", "zlib-ng"), ("zstd", "backports.zstd")])
    def test_a_package_that_is_not_there_is_named(
        self, packer: str, package: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        codec = next(one for one in CODECS if one.name == packer)

        def load() -> NoReturn:
            raise ModuleNotFoundError(name="a_module")

        bare = Codec(codec.name, codec.magics, codec.step_bytes, load, codec.package)
        monkeypatch.setattr(compressed, "codecs_that_begin", lambda head: (bare,))
        _, errors = read([bytes_input(PACKERS[packer](b"a\n"), "x.log")])
        assert [(e.place, e.problem, e.hint) for e in errors] == [
            ("x.log", f"{packer} cannot be read without a_module", f"pip install {package}")
        ]

    @pytest.mark.parametrize("packer", ["bzip2", "xz", "zstd"])
    def test_damage_leaves_the_lines_well_before_it(self, packer: str) -> None:
        data = os.urandom(3 << 20).replace(b"\n", b"") + b"\n"
        data = b"\n".join(in_pieces(data, 1000))
        packed = bytearray(PACKERS[packer](data))
        packed[len(packed) * 3 // 4] ^= 0xFF
        if packer == "zstd":  # without a checksum only damage to its structure shows
            packed[len(packed) * 3 // 4 :] = b"\xff" * (len(packed) // 4)
        seen, errors = read([bytes_input(packed, "x")])
        assert data.startswith(text(seen)[: len(data) // 4])
        assert len(text(seen)) > len(data) // 4
        assert [str(e.exit_code) for e in errors] == ["74"]
        assert f"damaged {packer} data" in errors[0].problem

    @pytest.mark.parametrize("packer", PACKERS)
    def test_foreign_bytes_after_a_member_are_an_error(self, packer: str) -> None:
        packed = PACKERS[packer](b"a\nb\n") + b"\0\0garbage"
        for one in (bytes_input(packed, "x"), pieces_input(in_pieces(packed, 1), "x")):
            seen, errors = read([one])
            assert seen == oracle(b"a\nb\n")
            assert [e.problem for e in errors] == [f"other bytes follow the {packer} data"]

    def test_a_bomb_is_refused_as_unacceptable(self) -> None:
        packed = gzip.compress(b"a\n" * (36 << 20), 9)
        seen, errors = 0, []
        for item in open_blocks([bytes_input(packed, "bomb")]):
            if isinstance(item, Block):
                seen += item.size
                item.release()
            elif isinstance(item, InputEnds):
                errors.append(item.error)
        assert 64 << 20 <= seen < 72 << 20
        assert errors[0] is not None
        assert (errors[0].place, errors[0].exit_code) == ("bomb", ExitCode.UNACCEPTABLE_INPUT)

    def test_a_failing_read_comes_after_what_could_be_read_and_the_next_input_follows(self) -> None:
        class Failing(MemorySource):
            def read_now(self, target: memoryview) -> int | None:
                if self.bytes_read == 3:
                    raise OSError(EIO, "Input/output error")
                return super().read_now(target)

        seen, errors = read([Input("sick", lambda stop: Failing(b"a\nb")), bytes_input(b"c\n")])
        assert seen == [(0, b"a\n"), (0, b"c\n")]
        assert [str(error) for error in errors] == ["sick: cannot be read: Input/output error"]
        assert errors[0].exit_code == ExitCode.INPUT_OUTPUT

    def test_a_file_that_vanishes_or_becomes_a_directory_is_an_error_of_that_input(
        self, tmp_path: Path
    ) -> None:
        paths = [tmp_path / "a", tmp_path / "b"]
        for path in paths:
            path.write_bytes(b"x\n")
        inputs = [file_input(path) for path in paths]
        for path in paths:
            path.unlink()
        paths[1].mkdir()
        seen, errors = read(inputs)
        assert seen == []
        assert [e.problem for e in errors] == [
            "cannot be read: No such file or directory",
            "cannot be read: Is a directory",
        ]


class TestLongLines:
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_the_limit_itself_is_allowed_and_one_more_is_not(self, mark: bytes) -> None:
        at_limit, over = b"x" * MAX_LINE_BYTES, b"y" * (MAX_LINE_BYTES + 1)
        data = mark + at_limit + b"\n" + over + b"\nshort\n" + at_limit
        assert read([bytes_input(data)]) == (oracle(data), [])
        sizes = [c if isinstance(c, int) else len(c) for _, c in oracle(data)]
        assert sizes == [len(mark) + MAX_LINE_BYTES + 1, MAX_LINE_BYTES + 1, 6, MAX_LINE_BYTES]

    def test_the_pieces_of_over_long_lines_reach_the_sink_byte_for_byte(self) -> None:
        data = b"ok\n" + b"a" * 50 + b"\r\nok\n" + b"b" * 9 + b"\n" + b"c" * 70
        kept = bytearray()
        with open_blocks([bytes_input(data)], 16, max_line_bytes=8, over_long_sink=kept.extend) as items:
            blocks = [item.tobytes() for item in items if isinstance(item, Block)]
        assert b"".join(blocks) == b"ok\nok\n"
        assert bytes(kept) == b"a" * 50 + b"\r\n" + b"b" * 9 + b"\n" + b"c" * 70

    @pytest.mark.parametrize("packed", [False, True])
    def test_an_endless_line_takes_constant_memory(self, packed: bool) -> None:
        def endless() -> Iterator[bytes]:
            compressor = zlib.compressobj(1, wbits=31)
            for _ in range(300):
                piece = os.urandom(1 << 10).replace(b"\n", b"") * 1024
                yield compressor.compress(piece) if packed else piece
            yield compressor.compress(b"\nafter\n") + compressor.flush() if packed else b"\nafter\n"

        tracemalloc.start()
        try:
            seen, errors = read([pieces_input(endless())])
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (errors, seen[1][1], len(seen)) == ([], b"after\n", 2)
        assert int(seen[0][1]) > 300 << 19
        assert peak < 32 << 20


class TestArrival:
    def test_lines_come_out_before_more_is_written(self) -> None:
        reader, writer = os.pipe()
        with open_blocks([file_input(f"/dev/fd/{reader}")]) as items:
            assert next(items) == InputBegins(0, f"/dev/fd/{reader}")
            for piece, expected in [(b"a\n", b"a\n"), (b"b\nc\nd", b"b\nc\n"), (b"\n", b"d\n")]:
                os.write(writer, piece)
                assert content_of(next(items)) == expected
            os.write(writer, b"end")
            os.close(writer)
            assert content_of(next(items)) == b"end"
            assert next(items) == InputEnds(0, None)
            assert next(items, None) is None
        os.close(reader)

    @pytest.mark.parametrize("packer", ["gzip", "zstd"])
    def test_compressed_lines_come_out_at_each_flush(self, packer: str) -> None:
        def pack() -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
            if packer == "gzip":
                deflate = zlib.compressobj(wbits=31)
                return deflate.compress, lambda: deflate.flush(zlib.Z_SYNC_FLUSH)
            squeeze = zstd.ZstdCompressor()
            return squeeze.compress, lambda: squeeze.flush(zstd.ZstdCompressor.FLUSH_BLOCK)

        compress, flush = pack()
        reader, writer = os.pipe()
        with open_blocks([file_input(f"/dev/fd/{reader}")]) as items:
            next(items)
            for line in (b"a\n", b"b\n" * 1000, SOME_LINES):
                os.write(writer, compress(line) + flush())
                arrived = b""
                while len(arrived) < len(line):
                    arrived += content_of(next(items))
                assert arrived == line
            os.close(writer)
            end = next(items)
            assert isinstance(end, InputEnds)
            assert "truncated" in str(end.error)
        os.close(reader)

    def test_gzip_gives_every_byte_as_soon_as_it_is_determined(self) -> None:
        packed = gzip.compress(b"a" * 900 + b"\n")
        begin, _ = CODECS[0].load()
        member, unlimited = begin(), zlib.decompressobj(wbits=31)
        for byte in in_pieces(packed, 1):
            decoded = member.decompress(byte, 1)
            while not (member.needs_input or member.eof):
                decoded += member.decompress(b"", 1)
            assert decoded == unlimited.decompress(byte)

    def test_lines_read_together_with_an_over_long_one_do_not_wait(self) -> None:
        reader, writer = os.pipe()
        with open_blocks([file_input(f"/dev/fd/{reader}")], max_line_bytes=8) as items:
            next(items)
            os.write(writer, b"over-long over-long\na\n")
            assert next(items) == OverLongLine(0, 0, 19, Mark(20))
            assert content_of(next(items)) == b"a\n"
        os.close(reader)
        os.close(writer)

    def test_a_fifo_may_get_its_writer_later(self, tmp_path: Path) -> None:
        path = tmp_path / "fifo"
        os.mkfifo(path)
        with open_blocks(expand([str(path)])) as items:
            next(items)
            thread = threading.Thread(target=path.write_bytes, args=(b"a\n",))
            thread.start()
            assert content_of(next(items)) == b"a\n"
            assert next(items) == InputEnds(0, None)
            thread.join()

    def test_a_pipe_in_non_blocking_mode_is_waited_for(self) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        found_nothing = threading.Event()

        class Noticing(io.FileIO):
            def readinto(self, target: memoryview, /) -> int:  # type: ignore[override]
                n = super().readinto(target)
                if n is None:
                    found_nothing.set()
                return n

        def write() -> None:
            found_nothing.wait()
            os.write(writer, b"a\n")
            os.close(writer)

        thread = threading.Thread(target=write)
        thread.start()
        with Noticing(reader) as stream, open_blocks([stream_input(stream)]) as items:
            next(items)
            assert content_of(next(items)) == b"a\n"
            assert next(items) == InputEnds(0, None)
        thread.join()

    def test_standard_input_is_read_by_descriptor(self) -> None:
        reader, writer = os.pipe()
        saved = os.dup(0)
        os.dup2(reader, 0)
        try:
            os.write(writer, b"a\nb\n")
            os.close(writer)
            assert [one.name for one in expand([])] == ["-"]
            assert expand(["-", "-"]).duplicates == ["-"]
            assert read([stdin_input()])[0] == oracle(b"a\nb\n")
        finally:
            os.dup2(saved, 0)
            os.close(saved)
            os.close(reader)

    def test_closed_standard_input_is_a_missing_input(self) -> None:
        code = (
            "from streamstat.sources.inputs import expand\ntry: expand([])\nexcept Exception as e: print(e)"
        )
        command = ["sh", "-c", f'exec "$0" -c "{code}" <&-', sys.executable]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.startswith("-: standard input is closed; ")


def content_of(item: object) -> bytes:
    assert isinstance(item, Block)
    content = item.tobytes()
    item.release()
    return content


class TestStop:
    @staticmethod
    def waiting_reader(inputs: list[Input]) -> BlockReader:
        items = open_blocks(inputs)
        next(items)
        return items

    def test_ends_a_wait_from_another_thread_and_leaves_out_the_half_line(self) -> None:
        reader, writer = os.pipe()
        os.write(writer, b"a\nhalf")
        items = self.waiting_reader([file_input(f"/dev/fd/{reader}"), bytes_input(b"never\n")])
        assert content_of(next(items)) == b"a\n"
        thread = threading.Thread(target=items.stop)
        thread.start()
        assert list(items) == [InputEnds(0, None, stopped=True)]
        thread.join()
        os.close(reader)
        os.close(writer)

    def test_ends_a_wait_from_a_signal_handler(self) -> None:
        reader, writer = os.pipe()
        items = self.waiting_reader([file_input(f"/dev/fd/{reader}")])
        previous = signal.signal(signal.SIGUSR1, lambda number, frame: items.stop())
        main = threading.get_ident()
        thread = threading.Thread(target=signal.pthread_kill, args=(main, signal.SIGUSR1))
        thread.start()
        assert list(items) == [InputEnds(0, None, stopped=True)]
        thread.join()
        signal.signal(signal.SIGUSR1, previous)
        os.close(reader)
        os.close(writer)

    def test_ends_the_wait_for_a_fifo_without_writer(self, tmp_path: Path) -> None:
        path = tmp_path / "fifo"
        os.mkfifo(path)
        items = self.waiting_reader([file_input(path)])
        thread = threading.Thread(target=items.stop)
        thread.start()
        assert list(items) == [InputEnds(0, None, stopped=True)]
        thread.join()

    def test_between_blocks_of_a_file_ends_at_a_line(self) -> None:
        with open_blocks([bytes_input(SOME_LINES)], 1000) as items:
            next(items)
            first = content_of(next(items))
            items.stop()
            assert list(items) == [InputEnds(0, None, stopped=True)]
            assert first.endswith(b"\n")
            assert SOME_LINES.startswith(first)

    def test_is_harmless_twice_and_after_the_end(self) -> None:
        items = open_blocks([])
        assert list(items) == []
        items.stop()
        items.stop()
        items.close()
        assert items.stopped


class TestBuffers:
    def test_released_buffers_are_read_into_again_and_kept_ones_are_not(self) -> None:
        data = b"".join(b"%07d\n" % i for i in range(1000))
        with open_blocks([bytes_input(data)], 64) as items:
            kept = [item for item in items if isinstance(item, Block)]
        assert b"".join(block.tobytes() for block in kept) == data
        with open_blocks([bytes_input(data)], 64) as items:
            addresses = set()
            for item in items:
                if isinstance(item, Block):
                    addresses.add(item.buffer.ctypes.data)
                    item.release()
                    item.release()
        assert len(addresses) <= 3

    def test_bytes_read_are_those_of_the_compressed_file(self) -> None:
        packed = gzip.compress(SOME_LINES)
        with open_blocks([bytes_input(packed), bytes_input(b"123\n")]) as items:
            for _ in items:
                assert 0 <= items.bytes_read <= len(packed) + 4
            assert items.bytes_read == len(packed) + 4

    def test_no_descriptor_stays_open(self, tmp_path: Path) -> None:
        for name in "abc":
            (tmp_path / name).write_bytes(SOME_LINES)
        before = set(os.listdir("/dev/fd"))  # noqa: PTH208
        with open_blocks(expand([str(tmp_path / "*")]), 100) as items:
            next(items)
            next(items)
        list(open_blocks(expand([str(tmp_path / "*")])))
        assert set(os.listdir("/dev/fd")) == before  # noqa: PTH208

    @pytest.mark.parametrize(("block_bytes", "max_line_bytes"), [(0, 100), (100, 3)])
    def test_impossible_sizes_are_refused(self, block_bytes: int, max_line_bytes: int) -> None:
        with pytest.raises(ValueError, match="at least"):
            open_blocks([], block_bytes, max_line_bytes)


class TestArguments:
    @pytest.fixture(autouse=True)
    def files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        for name in ["b.log", "a.log", "Z.log", "deep/er/c.log", "[x].log", "x.log", "logs/1.ndjson"]:
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode() + b"\n")

    @staticmethod
    def names(*arguments: str) -> list[str]:
        return [one.name for one in expand(arguments)]

    def test_files_keep_their_order_and_globs_go_by_name(self) -> None:
        assert self.names("x.log", "[ab].log", "Z.log") == ["x.log", "a.log", "b.log", "Z.log"]
        assert self.names("*.log") == ["Z.log", "[x].log", "a.log", "b.log", "x.log"]
        assert self.names("deep/**/*.log") == ["deep/er/c.log"]

    def test_an_existing_name_is_that_file_even_with_glob_characters(self) -> None:
        assert self.names("[x].log") == ["[x].log"]

    def test_globs_leave_directories_out(self) -> None:
        assert self.names("lo*/*", "*ee*/**") == ["logs/1.ndjson", "deep/er/c.log"]

    def test_the_same_file_is_read_once_under_all_its_names(self) -> None:
        os.link("a.log", "hard.log")
        Path("soft.log").symlink_to("a.log")
        inputs = expand(["a.log", "./a.log", "hard.log", "soft.log", "b.log", "[ab].log"])
        assert [one.name for one in inputs] == ["a.log", "b.log"]
        assert inputs.duplicates == ["./a.log", "hard.log", "soft.log", "a.log", "b.log"]

    @pytest.mark.parametrize(
        ("argument", "message"),
        [
            ("aa.log", "aa.log: no such file; did you mean a.log?"),
            ("deep/er/d.log", "deep/er/d.log: no such file; did you mean deep/er/c.log?"),
            ("logs/unlike", "logs/unlike: no such file; ls logs shows what is there"),
            ("nowhere/a.log", "nowhere/a.log: no such file; there is no directory nowhere"),
            ("a.log/b", "a.log/b: no such file; there is no directory a.log"),
            ("deep/*.gz", "deep/*.gz: matches no file; ls deep shows what is there"),
            ("*.gz", "*.gz: matches no file; ls . shows what is there"),
            ("dee*", "dee*: matches only directories; ls . shows what is there"),
            ("logs", "logs: is a directory; for example 'logs/*.ndjson'"),
            ("deep/er", "deep/er: is a directory; for example 'deep/er/*'"),
            ("", '"": no such file; ls . shows what is there'),
            ("a\0b", "a\0b: cannot be opened: not a possible file name"),
            ("n" * 300, "n" * 200 + ": cannot be opened: File name too long"),
        ],
    )
    def test_what_is_missing_is_named_with_a_hint(self, argument: str, message: str) -> None:
        with pytest.raises(MissingInputError) as caught:
            expand(["a.log", argument])
        assert str(caught.value) == message

    def test_a_dangling_link_is_missing(self) -> None:
        Path("gone.log").symlink_to("nothing")
        with pytest.raises(MissingInputError, match=r"gone\.log: no such file"):
            expand(["go*.log"])

    def test_what_may_not_be_read_is_a_read_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: str, flags: int) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)  # the tests may run as root, who may read everything
        with pytest.raises(ReadWriteError) as caught:
            expand(["a.log"])
        assert str(caught.value) == "a.log: may not be read; ls -l a.log shows who may"

    def test_python_callers_give_what_they_have(self) -> None:
        things = [Path("a.log"), "b.log", b"bytes\n", io.BytesIO(b"stream\n"), iter([b"pie", b"ces\n"])]
        seen, errors = read([input_of(thing) for thing in things])
        assert (text(seen), errors) == (b"a.log\nb.log\nbytes\nstream\npieces\n", [])
        assert input_of(bytes_input(b"", "mine")).name == "mine"
        with pytest.raises(TypeError, match="not int"):
            input_of(3)

    def test_a_text_stream_is_refused_with_a_hint(self) -> None:
        seen, errors = read([input_of(io.StringIO("a\n"), "texts")])
        message = "texts: cannot be read: the stream gives text, not bytes; open it with mode 'rb'"
        assert (seen, [str(e) for e in errors]) == ([], [message])


def test_sources_keep_the_contract() -> None:
    source: Source = MemorySource(b"ab")
    target = memoryview(bytearray(1))
    assert [source.read_now(target), source.read_now(target), source.read_now(target)] == [1, 1, 0]
    Stop().close()
