"""What a state remembers of clocks, and what it is kept from."""

import json

from tools.state_place import Place

RUN = [
    "run",
    "--state",
    "state",
    "-o",
    "report.csv",
    "--delay",
    "0s",
    "--now",
    "2026-06-01T09:00:00Z",
    "in.ndjson",
]
HEADING = "window_start,window_end,count\n"


def add(place: Place, *events: object) -> None:
    with (place.folder / "in.ndjson").open("a") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


def test_one_line_from_far_ahead_does_not_end_a_state(place: Place) -> None:
    times = ["2026-06-01T08:00:00Z", "2099-06-01T08:00:00Z", "2026-06-01T08:01:00Z", "2026-06-01T08:02:00Z"]
    add(place, *({"time": time} for time in times))
    ended = place.run(*RUN)
    assert (ended.code, place.text()) == (
        0,
        f"{HEADING}2026-06-01T08:00:00Z,2026-06-01T08:01:00Z,1\n2026-06-01T08:01:00Z,2026-06-01T08:02:00Z,1\n",
    )
    told = "1 future, first in.ndjson:2: 2099-06-01T08:00:00Z; --max-ahead D allows, "
    assert told in ended.err


def test_years_go_on_in_the_next_run(place: Place) -> None:
    run = [
        "run",
        "--state",
        "state",
        "-o",
        "report.csv",
        "-w",
        "tumbling:1d",
        "--year",
        "2020",
        "in.ndjson",
        "--flush",
    ]
    add(place, {"time": "Dec 31 23:00:00"})
    assert place.run(*run).code == 0
    add(place, {"time": "Jan  1 01:00:00"})
    assert place.run(*run).code == 0
    assert place.text() == (
        f"{HEADING}2020-12-31T00:00:00Z,2021-01-01T00:00:00Z,1\n2021-01-01T00:00:00Z,2021-01-02T00:00:00Z,1\n"
    )


def test_the_first_time_must_have_a_year_and_later_ones_end_no_run(place: Place) -> None:
    add(place, {"time": "Dec 31 23:00:00"})
    ended = place.run(*RUN)
    assert (ended.code, (place.folder / "report.csv").exists()) == (2, False)
    assert ended.err == (
        "streamstat: --time: the times have no year; for example --year 2026, that of the first event\n"
    )
    (place.folder / "in.ndjson").unlink()
    add(place, {"time": "2026-06-01T08:00:00Z"})
    assert place.run(*RUN).code == 0
    add(place, {"time": "Jun  1 08:00:00"}, {"time": "2026-06-01T08:01:00Z"})
    ended = place.run(*RUN)
    assert (ended.code, place.text()) == (0, f"{HEADING}2026-06-01T08:00:00Z,2026-06-01T08:01:00Z,1\n")
    assert "1 no_time" in ended.err


def test_the_time_field_is_found_by_a_later_run_and_then_kept(place: Place) -> None:
    add(place, {"boot": 1})
    ended = place.run(*RUN)
    assert ended.code == 2
    assert "the only event has no known time field; name one of its fields: boot" in ended.err
    add(place, {"ts": "2026-06-01T08:00:00Z"})
    assert place.run(*RUN).code == 0
    add(place, {"time": "2026-06-01T08:30:00Z", "ts": "2026-06-01T08:01:00Z"})
    assert place.run(*RUN).code == 0
    assert place.text() == f"{HEADING}2026-06-01T08:00:00Z,2026-06-01T08:01:00Z,1\n"


def test_several_fields_and_patterns_are_part_of_the_plan(place: Place) -> None:
    run = [
        *RUN,
        "-t",
        "a,b",
        "--time-format",
        "%d.%m.%Y",
        "--offset-by",
        "d",
        "--sent",
        "s",
        "--received",
        "r",
    ]
    add(place, {"a": "01.06.2026"})
    assert place.run(*run).code == 0
    assert place.run(*run).code == 0
    refused = place.run(*run, "-t", "c")
    assert refused.code == 78
    assert "time" in refused.err
