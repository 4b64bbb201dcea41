"""Inputs that are still written: lines come out as they arrive, and a stop ends any wait for them."""

import gzip
import io
import os
import signal
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tools.input_lines import SOME_LINES, content_of, in_pieces, oracle, read
from tools.packers import zstd

from streamstat.input.blocks.sequential import BlockReader, InputBegins, InputEnds, OverLongLine, open_blocks
from streamstat.input.formats.ndjson import Ndjson
from streamstat.input.sources import Input
from streamstat.input.sources.codecs import CODECS
from streamstat.input.sources.inputs import bytes_input, expand, file_input, stdin_input, stream_input
from streamstat.input.sources.marks import Mark


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
            assert next(items) == OverLongLine(0, 0, 19, Mark(20, format=Ndjson()))
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
        code = "from streamstat.input.sources.inputs import expand\ntry: expand([])\nexcept Exception as e: print(e)"
        command = ["sh", "-c", f'exec "$0" -c "{code}" <&-', sys.executable]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.startswith("-: standard input is closed; ")


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
