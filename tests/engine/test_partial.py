"""The state of a stream that is cut anywhere, put together in any order, gives the rows of one run, bit for bit."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Options
from oracle.lines import BOM
from tools.engine_run import Seen, fed, meant, run_engine
from tools.strategies import AGGREGATES, cases, cut

from streamstat.engine.engine import Engine
from streamstat.engine.partial import Partial
from streamstat.values.columns import Texts, take, take_texts

thorough = settings(max_examples=150, deadline=None, print_blob=True)
LAWFUL = [text for text in AGGREGATES if "new(" not in text]
PARTS_APART = 40  # bits of a number in the stream that an event of one part has to itself


def divided(options: Options) -> Options:
    """The same without what needs one order over all events."""
    if options.completeness or options.max_groups:  # columns that will not be there may be named
        options = replace(options, share=[], column=[], having=None, order=[])
    return replace(
        options,
        delay=None,
        producer=None,
        idle=None,
        punctuation=None,
        allowed_lateness=None,
        max_groups=None,
        offset_by=None,
        unique=[],
        unique_for=None,
        late="drop",
        completeness=False,
    )


def some_of(partial: Partial, rows: Sequence[int]) -> Partial:
    places = np.array(rows, np.int64)
    groups = tuple(take(each, places) for each in partial.groups)
    states = tuple(take_texts(each, places) for each in partial.states)
    return Partial(groups, partial.lo[places], partial.hi[places], states)


def put_together(options: Options, partials: Sequence[Partial], later: Sequence[int]) -> str:
    """The rows of all of them."""
    seen, engine = Seen(options.timezone), Engine(meant(options))
    for partial, before in zip(partials, later, strict=True):
        engine.pieces.absorb(partial, before)
    for publication in engine.finish():
        seen.published(publication)
    return "".join(seen.report)


@thorough
@pytest.mark.parametrize("window", ["tumbling", "hopping", "session", "all"])
@given(data=st.data())
def test_any_cut_in_any_order_gives_the_rows_of_one_run(window: str, data: st.DataObject) -> None:
    case = data.draw(cases(windows=[window], aggregates=LAWFUL))
    options = divided(case.options)
    lines = [line.removeprefix(BOM) + b"\n" for each in case.inputs for line in each]
    edges = data.draw(st.lists(st.integers(0, len(lines)), max_size=6).map(sorted))
    told_apart = data.draw(st.booleans())  # by numbers that they have, or by how many stand before them
    partials, later = list[Partial](), list[int]()
    for part, (lo, hi) in enumerate(zip([0, *edges], [*edges, len(lines)], strict=True)):
        engine = Engine(meant(options))
        engine.begin_at(part << PARTS_APART if told_apart else 0)
        engine, published, _ = fed(engine, b"".join(lines[lo:hi]))
        assert not published
        partial = engine.pieces.partial()
        order = data.draw(st.permutations(range(len(partial))))
        for some in cut(bytes(len(order)), data.draw(st.lists(st.integers(0, len(order))).map(sorted))):
            partials.append(some_of(partial, order[: len(some)]))
            later.append(0 if told_apart else lo)
            order = order[len(some) :]
    together = data.draw(st.permutations(list(zip(partials, later, strict=True))))
    found = put_together(options, *zip(*together, strict=True))
    assert found == run_engine([b"".join(lines)], options).report


def test_a_state_of_another_kind_is_told() -> None:
    options = Options(window="tumbling:10s", by=["k"], agg=["p50(v)"], time="ts")
    engine, _, _ = fed(Engine(meant(options)), b'{"ts":1,"k":"a","v":3}\n')
    partial = engine.pieces.partial()
    for damaged in (b"", b"\x07", partial.states[0][0][:-1], partial.states[0][0] + b"\0"):
        texts = Texts(np.array([0, len(damaged)]), np.frombuffer(damaged, np.uint8))
        with pytest.raises(ValueError):
            Engine(meant(options)).pieces.absorb(replace_states(partial, texts))


def replace_states(partial: Partial, texts: Texts) -> Partial:
    return Partial(partial.groups, partial.lo, partial.hi, (texts, *partial.states[1:]))
