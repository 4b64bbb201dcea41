"""What a live view shows, line by line, for facts that are given; and that no line is longer than there is room for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Options
from tools.engine_run import fed, meant

from streamstat.commands.glance import Glance, body, head
from streamstat.commands.last_rows import LastRows
from streamstat.engine.engine import Engine
from streamstat.engine.ledger import Ledger
from streamstat.engine.strategy import Present
from streamstat.output.presentation import Presentation
from streamstat.output.screen.widths import width_of
from streamstat.values.columns import MINUS_INFINITY

LOOK = Presentation(("k",), True, sums=("n",))


def rows_of(n: int) -> Present:
    """Open windows: n events of five groups, ten seconds apart."""
    options = Options(window="tumbling:1m", by=["k"], agg=["n=count()", "top(k, 2)"], time="ts", delay="1d")
    engine = Engine(meant(options))
    engine.begin_input(0, False)
    lines = "".join(
        f'{{"ts": {i * 10}, "k": "{"서울" if i % 5 == 0 else "k" * (i % 5)}"}}\n' for i in range(n)
    )
    fed(engine, lines.encode())
    found = engine.reports[0].present(1000)
    assert found is not None
    return found


def glance(present: Present | None, fired: Present | None = None, **more: object) -> Glance:
    last = LastRows()
    if fired is not None:
        last.add(fired.rows)
    facts: dict[str, object] = {
        "name": "app.log",
        "ledger": Ledger(lines=12_000, rows=3, bad=2, late=1),
        "per_second": 1234.5,
        "watermark": 60_000_000,
        "now_us": 75_500_000,
        "present": present,
        "waiting": {},
        "fired": last,
        "presentation": LOOK,
        **more,
    }
    return Glance(**facts)  # type: ignore[arg-type]


def test_the_head_tells_how_far_the_run_is() -> None:
    assert head(glance(None), 80) == [
        "app.log" + " " * 67 + "q ends",
        "12,000 lines  1,234/s  16 s behind now, watermark 1970-01-01T00:01:00Z",
        "3 rows fired  lost: 1 late, 2 bad",
    ]
    ahead = head(glance(None, ledger=Ledger(), now_us=-86_400_000_000, note="x\x1b[2J"), 80)
    assert ahead[1:] == [
        "0 lines  1,234/s  1 day ahead of now, watermark 1970-01-01T00:01:00Z",
        "0 rows fired  nothing lost",
        "x\\x1b[2J",
    ]
    assert head(glance(None, watermark=MINUS_INFINITY), 80)[1].endswith("no watermark yet")


def test_the_newest_windows_stand_first_and_the_greatest_groups_below() -> None:
    assert body(glance(rows_of(9), rows_of(2)), 60, 26) == [
        "",
        "Open windows: 8 rows, as they would fire now",
        "1970-01-01 UTC",
        "window_start  k     n  top_k_2",
        "00:01:00      k     1  k 1",
        "00:01:00      kk    1  kk 1",
        "00:01:00      kkk   1  kkk 1",
        "00:00:00      서울  2  서울 2",
        "00:00:00      k     1  k 1",
        "00:00:00      kk    1  kk 1",
        "00:00:00      kkk   1  kkk 1",
        "00:00:00      kkkk  1  kkkk 1",
        "",
        "Fired last",
        "1970-01-01 UTC",
        "window_start  k     n  top_k_2",
        "00:00:00      k     1  k 1",
        "00:00:00      서울  1  서울 1",
        "",
        "Busiest groups: n in open windows",
        "k    ████████████████████████████████████████████████████  2",
        "kk   ████████████████████████████████████████████████████  2",
        "kkk  ████████████████████████████████████████████████████  2",
    ]


def test_where_no_values_are_known_it_is_said_how_much_waits() -> None:
    assert body(glance(None, waiting={"matches": 1_200, "absences": 0}), 80, 20) == [
        "",
        "Open: 1,200 matches; values come when they fire",
    ]
    assert body(glance(rows_of(0)), 80, 20) == ["", "No window is open"]


@given(n=st.integers(0, 60), width=st.integers(40, 200), height=st.integers(1, 60), fired=st.integers(0, 30))
def test_nothing_is_beyond_the_edges(n: int, width: int, height: int, fired: int) -> None:
    one = glance(rows_of(n), rows_of(fired))
    lines = body(one, width, height)
    assert len(lines) <= height
    assert max(map(width_of, [*lines, *head(one, width)])) <= width


@pytest.mark.parametrize("height", [18, 24, 40])
def test_all_parts_are_seen_on_a_usual_screen(height: int) -> None:
    lines = body(glance(rows_of(60), rows_of(60)), 80, height)
    titles = [line.split(":")[0].split(";")[0] for place, line in enumerate(lines[1:]) if not lines[place]]
    assert titles == ["Open windows", "Fired last", "Busiest groups"]
    assert any("more" in line for line in lines)
