"""Compressed inputs, told by their first bytes; and inputs that are damaged or fail, before which all is had."""

import contextlib
import gzip
import lzma
import os
import random
import zlib
from errno import EIO
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.input_lines import SOME_LINES, in_pieces, oracle, read, text
from tools.packers import PACKERS, zstd

from streamstat.common.errors import ExitCode
from streamstat.input.blocks.sequential import Block, InputEnds, open_blocks
from streamstat.input.sources import Input, detecting
from streamstat.input.sources.codecs import CODECS, Codec
from streamstat.input.sources.inputs import bytes_input, file_input, pieces_input
from streamstat.input.sources.memory import MemorySource


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

    @pytest.mark.parametrize("seed", range(4))
    def test_damaged_gzip_gives_all_before_the_damage_where_it_takes_many_steps(self, seed: int) -> None:
        draw = random.Random(seed)
        lines = b"".join(draw.randbytes(50).hex().encode() + b"\n" for _ in range(20_000))
        packed = bytearray(gzip.compress(lines, 1))
        decoder, place = zlib.decompressobj(wbits=31), len(packed) * 3 // 4
        packed[place : place + 64] = b"\xff" * 64
        assert place > 4 * CODECS[0].step_bytes
        decoded = b""
        with pytest.raises(zlib.error) as damage:
            for byte in in_pieces(bytes(packed), 1):
                decoded += decoder.decompress(byte)
        seen, errors = read([bytes_input(packed, "x")])
        assert text(seen) == decoded[: decoded.rfind(b"\n") + 1]
        assert errors[0].problem == f"damaged gzip data ({damage.value})"

    @pytest.mark.parametrize(("packer", "package"), [("gzip", "zlib-ng"), ("zstd", "backports.zstd")])
    def test_a_package_that_is_not_there_is_named(
        self, packer: str, package: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        codec = next(one for one in CODECS if one.name == packer)

        def load() -> NoReturn:
            raise ModuleNotFoundError(name="a_module")

        bare = Codec(codec.name, codec.magics, codec.step_bytes, load, codec.package)
        monkeypatch.setattr(detecting, "codecs_that_begin", lambda head: (bare,))
        _, errors = read([bytes_input(PACKERS[packer](b"a\n"), "x.log")])
        assert [(e.place, e.problem, e.hint) for e in errors] == [
            ("x.log", f"{packer} cannot be read without a_module", f"pip install {package}")
        ]

    @pytest.mark.parametrize("packer", ["bzip2", "xz", "zstd"])
    def test_damage_leaves_the_lines_well_before_it(self, packer: str) -> None:
        data = os.urandom(3 << 20).translate(None, b"\n\0") + b"\n"
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
