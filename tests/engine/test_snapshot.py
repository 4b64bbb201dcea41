"""The engine's state as bytes: restored anywhere in a stream it goes on as if it had not stopped; damage is told."""

import random

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from oracle import Options
from tools.engine_run import fed, meant, plan_of, run_engine, run_restarting
from tools.engine_streams import SHAPES, block_cuts, line_blocks, shape_options, stream
from tools.strategies import WINDOWS, cases, promising

from streamstat.engine.engine import Engine
from streamstat.plan.meaning import job_of
from streamstat.values.packing import Packer, Unpacker

thorough = settings(max_examples=120, deadline=None, print_blob=True)


def restarted(engine: Engine, options: Options) -> Engine:
    """A new engine that has the state of this one; which gives that state again, byte for byte."""
    parts = engine.snapshot()
    assert parts == engine.snapshot()
    fresh = Engine(meant(options))
    fresh.restore(parts)
    assert parts == fresh.snapshot()
    return fresh


@thorough
@pytest.mark.parametrize("window", WINDOWS)
@given(data=st.data())
def test_going_on_from_a_snapshot_is_not_stopping(window: str, data: st.DataObject) -> None:
    case = data.draw(promising(cases(windows=[window])))
    event(case.options.late)
    blocks = [data.draw(block_cuts(each)) for each in case.data]
    whole = run_engine(case.data, case.options)
    stopped = run_restarting(blocks, case.options, lambda engine: restarted(engine, case.options))
    assert whole.changelog == stopped.changelog
    assert whole.report == stopped.report
    assert whole.ledger == stopped.ledger
    assert whole.late == stopped.late


@pytest.mark.parametrize("late", ["drop", "update", "retract"])
@pytest.mark.parametrize("window", SHAPES)
def test_every_state_is_in_the_snapshot(window: str, late: str) -> None:
    options, data = shape_options(window, late), stream(5, 4000)
    whole = run_engine([data], options)
    assert whole.changelog.count("\n") >= 15
    blocks = line_blocks(data, list(range(0, 4000, 130)))
    assert whole == run_restarting([blocks], options, lambda engine: restarted(engine, options))


def test_time_field_that_was_found_is_state() -> None:
    options = Options(window="tumbling:10s")
    engine = Engine(job_of(plan_of(options)))
    assert engine.time_fields == (None,)
    engine.tell_time("time")
    engine, _, _ = fed(engine, b'{"time":5,"ts":1000}\n')
    again = restarted(engine, options)
    assert (again.time_fields, again.job.clock.time) == (("time",), ("time",))
    again, published, _ = fed(again, b'{"time":7,"ts":1000}\n')
    published += again.finish()
    (rows,) = (each.report for each in published)
    assert rows is not None and [column.numbers.tolist() for column in rows.columns] == [
        [0],
        [10_000_000],
        [2],
    ]


def test_interrupted_is_not_of_the_stream() -> None:
    options = Options()
    engine = Engine(job_of(plan_of(options)))
    engine.ledger.interrupted, engine.ledger.seconds = True, 3.5
    engine.ledger.lines = engine.ledger.blank = 2
    again = restarted(engine, options).ledger
    assert (again.interrupted, again.seconds, again.blank) == (False, 0.0, 2)


# Parts of another job, and damage.


def snapshot_of(options: Options, data: bytes) -> dict[str, bytes]:
    engine, _, _ = fed(Engine(job_of(plan_of(options))), data)
    return engine.snapshot()


def test_parts_of_another_job_are_told() -> None:
    plain = Options(window="tumbling:10s", time="ts")
    parts = snapshot_of(plain, b'{"ts":5}\n')
    with pytest.raises(ValueError, match="store/1: a part that is not in both"):
        Engine(job_of(plan_of(Options(window="tumbling:10s", agg=["count()", "sum(x)"])))).restore(parts)
    with pytest.raises(ValueError, match="panes: a part that is not in both"):
        Engine(job_of(plan_of(Options(window="session:10s")))).restore(parts)
    with pytest.raises(ValueError, match="panes: ends within"):
        update = Options(window="tumbling:10s", late="update", allowed_lateness="1m")
        Engine(job_of(plan_of(update))).restore(parts)


def test_counts_that_no_stream_gives_are_told() -> None:
    job = job_of(plan_of(Options(window="tumbling:10s", time="ts", by=["k"])))
    engine = Engine(job)
    parts = engine.snapshot()
    keys = Packer().integer("overflowed", 7).packed()
    with pytest.raises(ValueError, match="keys: overflowed: 7 without a limit"):
        Engine(job).restore(parts | {"keys": keys + parts["keys"][len(keys) :]})
    for lines, blank, bad in ((3, 2, 0), (1, 2, -1)):
        engine.ledger.lines, engine.ledger.blank, engine.ledger.bad = lines, blank, bad
        with pytest.raises(ValueError, match="ledger: counts that do not add up"):
            Engine(job).restore(engine.snapshot())


DAMAGES = 150  # a snapshot


def damaged(parts: dict[str, bytes], chosen: random.Random) -> dict[str, bytes]:
    """The parts with one of them cut short, one byte of one changed, or bytes of one repeated."""
    name = chosen.choice(sorted(parts))
    part = bytearray(parts[name])
    place = chosen.randrange(len(part))
    how = chosen.randrange(4)
    if how == 0:
        del part[place:]
    elif how == 1:
        part[place : place + 8] = part[place : place + 8] * 2
    elif how == 2:
        part[place : place + 8] = chosen.choice([b"\xff" * 8, b"\0" * 8, b"\xff" * 7 + b"\x7f"])
    else:
        part[place] ^= 1 << chosen.randrange(8)
    return parts | {name: bytes(part)}


@pytest.mark.parametrize("late", ["drop", "retract"])
@pytest.mark.parametrize("window", SHAPES)
def test_damaged_parts_are_told_or_are_a_state(window: str, late: str) -> None:
    options, chosen = shape_options(window, late), random.Random(f"{window} {late}")
    lines = stream(7, 300)
    parts, rest = snapshot_of(options, lines), stream(8, 100)
    told = 0
    for _ in range(DAMAGES):
        engine = Engine(job_of(plan_of(options)))
        try:
            engine.restore(damaged(parts, chosen))
        except ValueError:
            told += 1
            continue
        # What passes is a state, if not the one that was: it may refuse to go on, but the process lives.
        engine.snapshot()
        try:
            fed(engine, rest)
            list(engine.finish())
        except Exception:
            told += 1
    assert told > DAMAGES // 3


def test_every_truncation_is_told() -> None:
    options = shape_options("hopping:30s/10s", "retract")
    job, parts = job_of(plan_of(options)), snapshot_of(options, stream(9, 40))
    for name, part in parts.items():
        for size in range(0, len(part), max(1, len(part) // 30)):
            with pytest.raises(ValueError, match=f"^{name}: "):
                Engine(job).restore(parts | {name: part[:size]})


# The form of a part.


def test_items_are_read_as_they_were_written() -> None:
    packed = Packer().array("a", np.array([1, 2], np.int64)).blob("b", b"xyz").flag("c", True).packed()
    unpacker = Unpacker(packed)
    assert unpacker.array("a", np.int64, 2).tolist() == [1, 2]
    assert (unpacker.blob("b"), unpacker.flag("c")) == (b"xyz", True)
    unpacker.end()


def test_item_is_its_name_its_type_its_length_and_its_elements() -> None:
    assert (
        Packer().array("ab", np.array([3], np.int32)).packed() == b"\x02abi\x01" + b"\0" * 7 + b"\x03\0\0\0"
    )


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (Packer().array("b", np.array([1], np.int64)), "another item"),
        (Packer().array("a", np.array([1], np.int32)), "another item"),
        (Packer().array("a", np.array([1, 2], np.int64)), "2 elements, expected 1"),
        (Packer(), "ends within"),
    ],
)
def test_other_items_are_told(packed: Packer, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Unpacker(packed.packed()).array("a", np.int64, 1)


def test_length_beyond_the_bytes_takes_no_memory() -> None:
    packed = bytearray(Packer().array("a", np.array([1], np.int64)).packed())
    packed[3:11] = b"\xff" * 8
    with pytest.raises(ValueError, match="ends within"):
        Unpacker(bytes(packed)).array("a", np.int64)


def test_bytes_behind_the_last_item_are_told() -> None:
    with pytest.raises(ValueError, match="3 bytes behind"):
        Unpacker(b"abc").end()


def test_texts_must_ascend_within_their_bytes() -> None:
    offsets = np.array([0, 3, 2], np.int64)
    packed = Packer().array("t.offsets", offsets).array("t.data", np.zeros(2, np.uint8)).packed()
    with pytest.raises(ValueError, match="do not ascend"):
        Unpacker(packed).texts("t")
