"""A merge of reports gives what one run over all their events gives: rows bit for bit, and what became of each line."""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, settings
from hypothesis import given as each_of
from hypothesis import strategies as st
from oracle import Options
from oracle.lines import BOM
from tools.merging import merged, ran, with_states
from tools.strategies import AGGREGATES, lines

from streamstat.common.errors import InputError
from streamstat.engine.reports import ReportEngine
from streamstat.engine.strategy import Publication
from streamstat.output.saved import stated
from streamstat.runners import merging

thorough = settings(max_examples=60, deadline=None, print_blob=True)
LAWFUL = [text for text in AGGREGATES if "new(" not in text]
MADE_OF = {  # what windows can be made of these
    "tumbling:2s": ["tumbling:2s", "tumbling:10s", "hopping:10s/4s", "hopping:4s/10s", "tumbling:1d", "all"],
    "tumbling:1h": ["tumbling:1d", "tumbling:2h", "hopping:2d/1d", "all"],
    "tumbling:1d": ["tumbling:2d", "tumbling:1d", "all"],
    "hopping:10s/4s": ["hopping:10s/4s"],
    "hopping:2s/5s": ["hopping:2s/5s"],
    "session:3s": ["session:3s"],
    "all": ["all"],
}
INDIA = ["Asia/Kolkata"]  # where days begin within an hour
GROUPS = [[], ["k"], ["who=lower(u)"], ["k", "ok"]]
COUNTS = ("lines", "blank", "bad", "no_time", "filtered", "unassigned", "late", "counted", "rows")


@thorough
@pytest.mark.parametrize("window", list(MADE_OF))
@each_of(data=st.data())
def test_a_merge_gives_what_one_run_gives(window: str, data: st.DataObject) -> None:
    options = Options(
        window=window,
        by=data.draw(st.sampled_from([*GROUPS, ["k,who=lower(u)"]])),
        agg=data.draw(st.lists(st.sampled_from(LAWFUL), min_size=1, max_size=4, unique=True)),
        where=data.draw(st.sampled_from([None, None, "ok"])),
        time="ts",
        timezone=data.draw(
            st.sampled_from(["UTC", "Europe/Berlin", *([] if window == "tumbling:1h" else INDIA)])
        ),
        fill=data.draw(st.booleans()) and window.startswith(("tumbling:2s", "hopping")),
    )
    hosts = data.draw(st.lists(lines(), min_size=1, max_size=3))
    hosts = [[line.removeprefix(BOM) for line in each] or [b""] for each in hosts]
    wanted = data.draw(st.sampled_from(MADE_OF[window]))
    names = [name.strip() for each in options.by for name in each.split(",")]
    stay = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    given: dict[str, object] = {"window": wanted, "by": [name.partition("=")[0] for name in stay] or [""]}
    if wanted == "all" or wanted.endswith("d"):
        given["fill"] = False
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        used, reports = list[list[bytes]](), list[Path]()
        for i, each in enumerate(hosts):
            report = place / f"{i}.parquet"
            with suppress(InputError):  # of a host of whose lines none could be used there is no report
                ran(each, with_states(options), report)
                used.append(each)
                reports.append(report)
        assume(reports)
        in_two_steps = data.draw(st.integers(0, len(reports) - 1))
        if in_two_steps:
            middle = place / "middle.parquet"
            merged(reports[:in_two_steps], middle, {"states": True})
            reports = [middle, *reports[in_two_steps:]]
        ledger = merged(reports, place / "merged.csv", given)
        one = replace(with_states(options), window=wanted, by=tuple(stay), states=False)
        one = replace(one, fill=one.fill and bool(given.get("fill", True)))
        expected = ran([line for each in used for line in each], one, place / "one.csv")
        assert (place / "merged.csv").read_text() == (place / "one.csv").read_text()
        # An event that is in no window is not asked for its value, which the report of other windows has told.
        told = COUNTS if wanted == "hopping:4s/10s" else (*COUNTS, "bad_values")
        assert {name: ledger[name] for name in told} == {name: expected[name] for name in told}


def test_windows_fire_as_soon_as_no_row_of_theirs_is_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stated, "ROWS_READ", 8)
    monkeypatch.setattr(stated, "ROWS_TOLD", 4)
    options = Options(window="tumbling:1m", by=["k"], agg=["count()"], time="ts")
    reports = []
    for host in range(3):
        events = [f'{{"ts":{60 * (3 * i + host)},"k":{i % 5}}}'.encode() for i in range(200)]
        reports.append(tmp_path / f"{host}.parquet")
        ran(events, with_states(options), reports[-1])
    most = [0]

    class Watching(ReportEngine):
        def advance(self, watermark: int) -> Iterator[Publication]:
            yield from super().advance(watermark)
            most[0] = max(most[0], self.still_open["windows"])

    monkeypatch.setattr(merging, "ReportEngine", Watching)
    ledger = merged(reports, tmp_path / "merged.csv", {})
    assert (ledger["rows"], 0 < most[0] < 60) == (600, True)
