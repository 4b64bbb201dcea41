"""Sources: the same bytes give the same lines, whatever carries them and wherever blocks are cut."""

import gzip
import io
import os
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.input_lines import SOME_LINES, Result, in_pieces, oracle, piped, read, streams
from tools.packers import PACKERS

from streamstat.input.blocks.sequential import (
    MAX_LINE_BYTES,
    Block,
    InputBegins,
    InputEnds,
    OverLongLine,
    open_blocks,
)
from streamstat.input.formats.ndjson import Ndjson
from streamstat.input.sources import Input, Source, Stop
from streamstat.input.sources.inputs import bytes_input, expand, file_input, pieces_input, stream_input
from streamstat.input.sources.marks import Mark
from streamstat.input.sources.memory import MemorySource


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

    @given(streams, st.integers(1, 64), st.integers(4, 20), st.integers(1, 5))
    def test_marks_and_what_was_dropped_are_exact(
        self, data: bytes, block_bytes: int, max_line_bytes: int, piece: int
    ) -> None:
        one = pieces_input(in_pieces(data, piece))
        mark, dropped = Mark(format=Ndjson()), 0
        with open_blocks([one], block_bytes, max_line_bytes) as items:
            for item in items:
                if isinstance(item, Block):
                    assert data[item.position - item.size : item.position] == item.tobytes()
                    assert (
                        data[item.position - item.size - item.nuls : item.position - item.size].count(0)
                        == item.nuls
                    )
                if isinstance(item, Block | OverLongLine):
                    mark, dropped = item.mark, dropped + item.nuls
                if isinstance(item, OverLongLine):
                    return
        assert mark == Mark(format=Ndjson()).after(memoryview(data))
        assert dropped <= data.count(0)

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
            places = [Mark(3, b"ok\n", b"ok\n"), Mark(54, b"ok\n"), Mark(57, b"ok\n", b"ok\n")]
            assert marks == [each._replace(format=Ndjson()) for each in places]


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


def test_sources_keep_the_contract() -> None:
    source: Source = MemorySource(b"ab")
    target = memoryview(bytearray(1))
    assert [source.read_now(target), source.read_now(target), source.read_now(target)] == [1, 1, 0]
    Stop().close()
