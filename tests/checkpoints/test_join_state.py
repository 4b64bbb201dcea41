"""`join` under `--state`: what waits for the other side is there in the next run, wherever a run ends."""

import json
from collections.abc import Sequence

import pytest
from tools.state_place import Place

LEFT = [(0, "q1"), (10, "q2"), (20, "q3"), (200, "z")]
RIGHT = [(5, "q1"), (12, "q2"), (50, "q1"), (9, "q2"), (200, "z")]
BOTH = [*((0, each) for each in LEFT), *((1, each) for each in RIGHT)]
NAMES = ("searches", "clicks")
REST = ("--on", "k", "--delay", "60s", "-o", "report.csv", "--time-unit", "s")
INPUTS = tuple(f"{name}={name}.ndjson" for name in NAMES)
KINDS = {
    "outer": ("--within", "0s..30s", "--kind", "outer"),
    "last": ("--within", "0s..60s", "--kind", "left", "--pick", "last"),
    "semi": ("--within", "30s", "--kind", "semi"),
    "as of": ("--as-of", "--kind", "left"),
}


def write(place: Place, events: Sequence[tuple[int, tuple[int, str]]]) -> None:
    """The inputs of both sides with these events alone."""
    for side, name in enumerate(NAMES):
        lines = (f'{{"ts": {ts}, "k": "{key}"}}\n' for of, (ts, key) in events if of == side)
        (place.folder / f"{name}.ndjson").write_text("".join(lines))


def run(place: Place, *options: str) -> None:
    ended = place.run("join", *INPUTS, *REST, *options)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize("kind", KINDS)
def test_runs_give_the_same_bytes_wherever_the_input_is_cut(place: Place, kind: str) -> None:
    """Vector 42: first one side grows, then the other; a cut behind each event, and a run for each event."""
    write(place, BOTH)
    run(place, *KINDS[kind])
    whole = place.text()
    assert whole.count("\n") >= 4
    cuts = [[number] for number in range(len(BOTH))] + [list(range(len(BOTH)))]
    for number, cut in enumerate(cuts):
        (place.folder / "report.csv").unlink()
        state = ("--state", f"state{number}")
        for until in cut:
            write(place, BOTH[:until])
            run(place, *KINDS[kind], *state)
        write(place, BOTH)
        run(place, *KINDS[kind], *state, "--flush")
        assert place.text() == whole, cut


def test_state_tells_how_many_events_wait(place: Place) -> None:
    write(place, BOTH)
    run(place, *KINDS["outer"], "--state", "state")
    facts = json.loads(place.run("state", "state", "--json").out)
    assert (facts["verb"], facts["open_events"]) == ("join", 2)
    assert {"verb       join", "plan       --within 0s..30s", "events     2 open"} < set(
        place.run("state", "state").out.splitlines()
    )


def test_an_end_of_one_side_is_no_end_under_a_state(place: Place) -> None:
    """Its watermark stays, so what waits for it is not told before it goes on."""
    write(place, [(0, (0, "q1")), (1, (0, "z")), (1, (500, "z"))])
    run(place, *KINDS["outer"], "--state", "state")
    assert place.text().count("\n") == 1
    write(place, [(0, (0, "q1")), (0, (500, "z")), (1, (0, "z")), (1, (500, "z"))])
    run(place, *KINDS["outer"], "--state", "state")
    assert [line.split(",")[1] for line in place.text().splitlines()] == ["k", "z", "q1"]


@pytest.mark.parametrize(
    ("kind", "waiting"), [("inner", 0), ("left", 1), ("right", 1), ("outer", 2), ("semi", 0), ("anti", 1)]
)
def test_an_event_without_a_key_waits_only_to_be_told(place: Place, kind: str, waiting: int) -> None:
    for name in NAMES:
        (place.folder / f"{name}.ndjson").write_text('{"ts": 0, "k": null}\n')
    run(place, "--within", "30s", "--kind", kind, "--state", "state")
    assert json.loads(place.run("state", "state", "--json").out)["open_events"] == waiting
