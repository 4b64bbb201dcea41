"""What is remembered of clocks: through block cuts and restarts, and what a snapshot may hold."""

from collections.abc import Callable

import numpy as np
import pytest
from oracle import Options
from tools.engine_run import plan_of, run_engine, run_restarting

from streamstat.engine.engine import Engine
from streamstat.event_time.fields import Years
from streamstat.plan.job import Job
from streamstat.plan.meaning import job_of
from streamstat.values.packing import Packer

OVER_NEW_YEAR = [
    b'{"time":"Nov 30 08:00:00","r":"Nov 30 08:00:01"}\n',
    b'{"time":"Jan  1 08:00:00","r":"Jan  1 08:00:01"}\n',
    b'{"time":"2026-03-01T00:00:00Z","r":null}\n',
    b'{"time":"?","r":"Aug  1 08:00:01"}\n',
    b'{"time":"Aug  1 08:00:00","r":"Mar  1 08:00:01"}\n',
]


def again(job: Job) -> Callable[[Engine], Engine]:
    def restarted(engine: Engine) -> Engine:
        other = Engine(job)
        other.restore(engine.snapshot())
        return other

    return restarted


@pytest.mark.parametrize("block_bytes", [1, 100, 1 << 22])
def test_years_are_remembered(block_bytes: int) -> None:
    options = Options(window="tumbling:1d", time="time", received="r", max_ahead="inf", year="2025")
    whole = run_engine([b"".join(OVER_NEW_YEAR)] * 2, options, block_bytes=block_bytes)
    days = [row[:10] for row in whole.report.splitlines()]
    assert days == ["2025-11-30", "2026-01-01", "2026-03-01", "2026-08-01", "2026-11-30", "2027-01-01"]
    restarted = run_restarting([OVER_NEW_YEAR] * 2, options, again(job_of(plan_of(options))))
    assert restarted == whole


def years_of(**changed: list[int]) -> bytes:
    items = {"inputs": [0], "roles": [0], "last": [5], "read": [0], "newest": [5], "begun": [0]} | changed
    packer = Packer().integer("input", 0)
    for name, values in items.items():
        packer.array(name, np.array(values, np.int64))
    return packer.packed()


@pytest.mark.parametrize(
    "changed",
    [
        {"roles": [4]},
        {"roles": [-1]},
        {"roles": []},
        {"last": [1, 2]},
        {"read": [9]},
        {"newest": []},
        {"begun": [4]},
        {"last": [2**63 - 1]},
        {"newest": [-(2**63)]},
    ],
)
def test_a_snapshot_of_years_that_is_none_is_refused(changed: dict[str, list[int]]) -> None:
    Years(2026).restore(years_of())
    with pytest.raises(ValueError, match=next(iter(changed))):
        Years(2026).restore(years_of(**changed))


def test_causes_of_a_missing_time_are_told_apart() -> None:
    """Missing, unreadable and too early; the other rows have times."""
    from streamstat.event_time.devices import DeviceClocks
    from streamstat.event_time.fields import TimeFields
    from streamstat.input.events import decode_bytes
    from streamstat.input.formats.ndjson import Ndjson

    job = job_of(plan_of(Options(time="o", sent="s", received="r", earliest="2020-01-01T00:00:00Z")))
    o, s, late = "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "9999-12-31T23:59:59Z"
    lines = [
        "{}",
        '{"o":"?"}',
        '{"o":12}',
        f'{{"o":"{late}","s":"{late}","r":"{late}"}}',
        f'{{"o":"{o}","s":"{s}","r":"{o}"}}',
        f'{{"o":"?","r":"{o}"}}',
    ]
    events = decode_bytes(job.decoder(Ndjson()), "\n".join(lines).encode())
    read = job.clock.read(TimeFields(events, job.clock.input_zone, Years(None), {}), DeviceClocks())
    assert read.missing is not None and read.unreadable is not None and read.early is not None
    assert read.missing.tolist() == [True, True, True, False, False, False]
    assert read.unreadable.tolist() == [False, True, False, False, False, False]
    assert read.early.tolist() == [False, False, True, False, False, False]
