"""Several reports under one state: none of them may become another, and whoever asks is told of all."""

import json

import pytest
from tools.state_place import Place

CONFIG = """\
[report.all]
output = "all.csv"
[report.errors]
where = "v > 1"
window = "tumbling:2m"
output = "errors.csv"
"""
RUN = ("run", "-c", "c.toml", "--state", "state", "in.ndjson")
ERRORS = CONFIG[CONFIG.index("[report.errors]") :]


@pytest.fixture
def begun(place: Place) -> Place:
    """A state of two reports."""
    (place.folder / "in.ndjson").write_text('{"ts":1,"v":1}\n{"ts":100,"v":5}\n{"ts":300,"v":0}\n')
    (place.folder / "c.toml").write_text(CONFIG)
    assert place.run(*RUN).code == 0
    return place


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("v > 1", "v > 2", "report.errors.where: is v > 2, but state was begun with v > 1;"),
        ('where = "v > 1"\n', "", "report.errors.where: is not given, but state was begun with v > 1;"),
        ("2m", "3m", "report.errors.window: is tumbling:3m, but state was begun with tumbling:2m;"),
        ('window = "tumbling:2m"\n', "", "report.errors.window: is tumbling:1m, but state was begun with"),
        ("all.csv", "other.csv", "report.all.output: is ../other.csv, but state was begun with ../all.csv;"),
        (
            "[report.all]",
            "[report.all]\nlimit = 2",
            "report.all.limit: is 2, but state was begun without it;",
        ),
        (
            ERRORS,
            "",
            "--state: state holds the reports all, errors, but this run has the report all; use their",
        ),
        (
            "[report.errors]",
            "[report.fails]",
            "--state: state holds the reports all, errors, but this run has the",
        ),
        (
            ERRORS,
            f'{ERRORS}[report.more]\noutput = "m.csv"\n',
            "--state: state holds the reports all, errors, but",
        ),
        ("[report.all]", 'delay = "1m"\n[report.all]', "--delay: is 1m, but state was begun with 10s;"),
    ],
)
def test_another_plan_is_refused_and_the_report_named(begun: Place, old: str, new: str, said: str) -> None:
    before = (begun.folder / "state" / "checkpoint").read_bytes()
    (begun.folder / "c.toml").write_text(CONFIG.replace(old, new))
    ended = begun.run(*RUN)
    assert (ended.code, ended.err.count("\n")) == (78, 1)
    assert ended.err.startswith(f"streamstat: {said}")
    assert (begun.folder / "state" / "checkpoint").read_bytes() == before


def test_reports_may_stand_in_another_order(begun: Place) -> None:
    first = CONFIG.removesuffix(ERRORS)
    (begun.folder / "c.toml").write_text(ERRORS + first)
    with (begun.folder / "in.ndjson").open("a") as file:
        file.write('{"ts":400,"v":7}\n{"ts":500,"v":0}\n')
    assert begun.run(*RUN).code == 0
    assert begun.text("errors.csv").splitlines()[1:] == [
        "1970-01-01T00:00:00Z,1970-01-01T00:02:00Z,1",
        "1970-01-01T00:06:00Z,1970-01-01T00:08:00Z,1",
    ]
    assert len(begun.text("all.csv").splitlines()) == 5


def test_state_tells_of_all_reports(begun: Place) -> None:
    text = begun.run("state", "state").out.splitlines()
    assert [line for line in text if line.startswith("ledger")] == [
        "ledger     all: 3 lines: 3 counted",
        "ledger     errors: 3 lines: 2 filtered, 1 counted",
    ]
    plan = [line.split(maxsplit=1)[1] for line in text if line.startswith("plan ")]
    assert "report.errors.where v > 1" in plan and "report.all.window tumbling:1m" in plan
    assert not any(line.startswith("--window") for line in plan)


def test_state_tells_programs_of_all_reports(begun: Place) -> None:
    facts = json.loads(begun.run("state", "state", "--json").out)
    assert (facts["lines"], facts["open_windows"]) == (3, 1)
    assert facts["ledgers"]["all"]["counted"] == 3
    assert (facts["ledgers"]["errors"]["filtered"], facts["ledgers"]["errors"]["counted"]) == (2, 1)
    assert facts["plan"]["report.errors.window"] == "tumbling:2m" and "window" not in facts["plan"]
    assert set(facts["outputs"]) == {"../all.csv", "../errors.csv"}
    assert {"all/keys", "errors/keys"} < set(facts["parts"])


def test_name_of_a_report_may_have_dots(place: Place) -> None:
    (place.folder / "in.ndjson").write_text('{"ts":1}\n{"ts":300}\n')
    (place.folder / "c.toml").write_text(
        CONFIG.replace("report.errors", 'report."errors.5xx"').replace("v > 1", "ts > 0")
    )
    assert [place.run(*RUN).code for _ in range(2)] == [0, 0]
    facts = json.loads(place.run("state", "state", "--json").out)
    assert set(facts["ledgers"]) == {"all", "errors.5xx"}
    assert facts["plan"]["report.errors.5xx.window"] == "tumbling:2m"
    assert facts["open_windows"] == 2
    plan = place.run("state", "state").out
    assert "report.errors.5xx.where ts > 0" in plan


def test_state_of_one_report_is_not_that_of_several(begun: Place) -> None:
    ended = begun.run("run", "--state", "state", "-o", "all.csv", "in.ndjson")
    assert (ended.code, ended.err.count("\n")) == (78, 1)
    assert ended.err == (
        "streamstat: --state: state holds the reports all, errors, but this run has one report without a name; "
        "use their configuration file again (-c FILE), or a new --state and new names for its reports\n"
    )


def test_state_of_several_reports_is_not_that_of_one(begun: Place) -> None:
    assert begun.run("run", "--state", "plain", "-o", "plain.csv", "in.ndjson").code == 0
    ended = begun.run("run", "--state", "plain", "-c", "c.toml", "in.ndjson")
    assert (ended.code, ended.err.count("\n")) == (78, 1)
    assert ended.err == (
        "streamstat: --state: plain holds one report without a name, but this run has the reports all, errors; "
        "use the same options as before, or a new --state and new names for its reports\n"
    )
