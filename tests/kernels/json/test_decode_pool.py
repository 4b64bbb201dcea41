"""Blocks decoded ahead: the same as decoded in place, whoever decodes them and in whatever order they are asked for."""

import os
import random

import numpy as np
import pytest
from tools.decoders import json_decoder

from streamstat.input.events import Decoding, Events, padded
from streamstat.kernels import DecodePool
from streamstat.values.columns import Need

DECODER = json_decoder({"n": Need.NUMBER, "s": Need.TEXT | Need.CODE})
SEEDS = range(4)


def blocks_of(draw: random.Random) -> list[bytes]:
    """Blocks of very different sizes, with bad lines and none."""
    lines = [b'{"n": 7, "s": "a\\u00e9"}', b'{"s": "plain"}', b"[]", b"", b'{"n": 1.5, "s": null}', b'{"n"']
    return [
        b"".join(draw.choice(lines) + b"\n" for _ in range(draw.choice([0, 1, 10, 30_000])))
        for _ in range(12)
    ]


def contents(events: Events) -> tuple[object, ...]:
    """All that there is of a block."""
    kinds, texts = events.dictionary("s")
    columns = events.numbers("n"), events.codes("s"), kinds, texts.offsets, texts.data
    return (
        (events.rows, events.lines, events.blank, tuple(map(str, events.bad_records()))),
        tuple(column.tobytes() for column in columns),
        events.texts("s").data.tobytes(),
    )


def threads_of_process() -> int:
    """Native ones too."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


@pytest.mark.parametrize("threads", [0, 1, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_gives_what_decoding_in_place_gives(threads: int, seed: int) -> None:
    draw = random.Random(seed)
    blocks = blocks_of(draw)
    pool = DecodePool(threads)
    decodings = [DECODER.decode_ahead(pool, padded(block)) for block in blocks]
    asked = draw.sample(range(len(blocks)), len(blocks))
    got = {number: contents(decodings[number].result()) for number in asked}
    assert [got[number] for number in range(len(blocks))] == [
        contents(DECODER.decode(padded(block))) for block in blocks
    ]


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_what_nobody_wants_any_more_is_dropped_at_any_time(threads: int) -> None:
    draw = random.Random(1)
    pool = DecodePool(threads)
    decodings: list[Decoding | None] = [
        DECODER.decode_ahead(pool, padded(block)) for block in blocks_of(draw) * 5
    ]
    del pool
    for number in draw.sample(range(len(decodings)), len(decodings) - 1):
        decodings[number] = None
    (left,) = (decoding for decoding in decodings if decoding is not None)
    assert left.result().lines >= 0


def test_a_closed_pool_has_no_threads_and_leaves_decoding_to_who_waits() -> None:
    before = threads_of_process()
    pool = DecodePool(3)
    assert threads_of_process() == before + 3
    first = DECODER.decode_ahead(pool, padded(b"{}\n"))
    pool.close()
    assert threads_of_process() == before
    second = DECODER.decode_ahead(pool, padded(b"{}\n{}\n"))
    assert (second.result().rows, first.result().rows) == (2, 1)
    pool.close()


def test_only_blocks_as_they_are_are_taken() -> None:
    with pytest.raises(TypeError):
        DECODER.decode_ahead(DecodePool(0), padded(b"{}\n" * 99)[::2])


@pytest.mark.parametrize("threads", [0, 1])
def test_an_error_is_that_of_its_block_alone(threads: int) -> None:
    pool = DecodePool(threads)
    broken = DECODER.decode_ahead(pool, np.zeros(10, np.uint8))
    sound = DECODER.decode_ahead(pool, padded(b"{}\n"))
    assert sound.result().rows == 1
    for _ in range(2):
        with pytest.raises(ValueError, match="less than 64 bytes of padding"):
            broken.result()


def test_events_are_given_once() -> None:
    decoding = DECODER.decode_ahead(DecodePool(1), padded(b"{}\n"))
    decoding.result()
    with pytest.raises(RuntimeError, match="taken already"):
        decoding.result()
