"""Streams and options that have every kind of state at once, and blocks to feed an engine with."""

import random
from itertools import pairwise

from hypothesis import strategies as st
from oracle import Options
from oracle.lines import BOM


def line_blocks(data: bytes, cuts: list[int]) -> list[bytes]:
    """Blocks of whole lines, cut before these lines, as a runner would feed them."""
    lines = [line + b"\n" for line in data.removeprefix(BOM).split(b"\n")]
    lines[-1] = lines[-1][:-1]
    edges = sorted({0, len(lines), *(cut for cut in cuts if cut < len(lines))})
    return [b"".join(lines[lo:hi]) for lo, hi in pairwise(edges)]


@st.composite
def block_cuts(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The blocks of an input: some, one, or one for each line."""
    lines = data.count(b"\n") + 1
    some = st.lists(st.integers(1, max(1, lines)), max_size=6)
    return line_blocks(data, draw(st.one_of(some, st.just(list(range(lines))))))


# For windows of each shape; `stream` has more values than sketches count exactly.
CALLS = [
    "count()",
    "count(v)",
    "sum(v)",
    "var(v)",
    "min(v)",
    "max(v)",
    "first(u)",
    "last(u)",
    "rate()",
    "distinct(u, p=5)",
    "p99(v)",
    "new(u)",
]
MORE_CALLS = ["histogram(v)", "histogram(v, 10, 50)", "top(u, 3)", "members(u, capacity=100)"]
MORE_CALLS += ["arg_max(u, v)", "arg_min(u, v) if v > 9", "values(u, 5)", "values(v, 2000)"]
SHAPES = {
    "tumbling:20s": CALLS + MORE_CALLS,
    "hopping:30s/10s": CALLS + MORE_CALLS,
    "all": CALLS + MORE_CALLS,
    "session:2s": CALLS + MORE_CALLS,
    "sliding:10s": CALLS,
}


def shape_options(window: str, late: str) -> Options:
    return Options(
        window=window,
        by=["k", "more=v > 500"],
        agg=SHAPES[window],
        time="ts",
        delay="5s",
        producer="p",
        punctuation="w",
        late=late,
        allowed_lateness=None if late == "drop" else "20s",
        fill=window[0] in "th",
    )


def stream(seed: int, n: int) -> bytes:
    """Events in disorder, of two producers and five groups; one in twenty is late, some are promises."""
    chosen, lines = random.Random(seed), []
    for i in range(n):
        ts = i / 20 - (chosen.random() ** 8) * 30
        user, value = (
            chosen.choice([f'"user {chosen.randrange(2000)}"', str(i), "true"]),
            chosen.randrange(1000),
        )
        scaled = chosen.choice([str(value), f"{value / 8}", "null", f"-{value}"])
        lines.append(
            f'{{"ts":{ts:.3f},"k":"{chosen.choice("abcde")}","v":{scaled},"u":{user},"p":"{chosen.choice("AB")}"}}'
            if i % 50
            else f'{{"w":{ts - 10:.3f},"p":"A"}}'
        )
    return "\n".join(lines).encode() + b"\n"
