"""`--promises` under a state: they come with the rows of a commit, grow from run to run, and belong to the plan."""

import json

from tools.state_place import Place

RUN = ["run", "--state", "state", "-t", "ts", "-f", "ndjson", "--promises", "in.ndjson"]


def starts_and_promises(out: str) -> list[str]:
    """Minutes of the epoch: `3` for a row that begins there, `<3` for a promise."""
    rows = [json.loads(line) for line in out.splitlines()]
    return [
        f"<{row['watermark'][14:16]}" if "watermark" in row else str(row["window_start"][14:16])
        for row in rows
    ]


def test_a_promise_comes_behind_the_rows_of_its_commit_and_once(place: Place) -> None:
    place.add(5, 75, 140)
    assert starts_and_promises(place.run(*RUN).out) == ["00", "01", "<02"]
    assert place.run(*RUN).out == ""
    place.add(150)
    assert place.run(*RUN).out == ""
    place.add(200)
    assert starts_and_promises(place.run(*RUN).out) == ["02", "<03"]


def test_a_flush_promises_what_it_has_closed(place: Place) -> None:
    place.add(5, 75)
    assert starts_and_promises(place.run(*RUN, "--flush").out) == ["00", "<01", "01", "<02"]
    assert place.run(*RUN, "--flush").out == ""
    place.add(100, 125)
    ended = place.run(*RUN, "--flush")
    assert starts_and_promises(ended.out) == ["02", "<03"]
    assert "1 late" in ended.err


def test_promises_belong_to_the_plan(place: Place) -> None:
    place.add(5, 75)
    assert place.run(*RUN).code == 0
    without = [word for word in RUN if word != "--promises"]
    ended = place.run(*without)
    said = "streamstat: --promises: is not given, but state was begun with it; "
    assert (ended.code, ended.out, ended.err[: len(said)]) == (78, "", said)


def test_an_open_session_holds_back_the_promise_from_run_to_run(place: Place) -> None:
    """W is 10 s behind: at 100 the first session is closed and W is 90, and from then on nothing begins before 90."""
    run, outs = [*RUN, "-w", "session:30s"], []
    for time in (0, 20, 45, 100, 85, 120, 95, 150, 200):
        place.add(time)
        outs.append(place.run(*run))
    promises = [json.loads(line)["watermark"][14:19] for each in outs for line in each.out.splitlines()[-1:]]
    assert promises == ["59:50", "00:00", "01:30", "01:40", "03:10"]
    assert [each.err.count("1 late") for each in outs] == [0, 0, 0, 0, 1, 0, 1, 0, 0]
