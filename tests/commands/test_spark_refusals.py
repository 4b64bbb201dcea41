"""What cannot be asked of Spark is refused with the reason, before anything of Spark is needed; and what is missing."""

from pathlib import Path

import pytest
from tools.spark_runs import Outcome, run_here

IN_ORDER = "needs all events in one order, and the tasks of Spark read them side by side"
ONCE = "Spark reads its inputs once, and rows come at the end"
REFUSED = {
    "-w sliding:5m": f"--window: sliding {IN_ORDER}; use hopping:5m/1m",
    "-a new(x)": f"--agg: new(x) {IN_ORDER}; use distinct(x)",
    "--delay 10s": f"--delay: {ONCE}; leave --delay out, as inf",
    "--producer p": f"--producer: {IN_ORDER}; leave --runner spark out",
    "--punctuation w": f"--punctuation: {IN_ORDER}; leave --runner spark out",
    "--late update --allowed-lateness 1h": f"--late: {ONCE}, so none is corrected; use --late drop",
    "-b k --max-groups 5": f"--max-groups: {IN_ORDER}; use --order and --limit",
    "--unique id": f"--unique: {IN_ORDER}; leave --runner spark out",
    "--follow --delay inf": f"--follow: {ONCE}; leave --runner spark out",
    "--state s --delay inf": f"--state: {ONCE}; leave --runner spark out",
    "--year 2026": f"--year: {IN_ORDER}; leave --runner spark out",
    "--received r --sent s --offset-by d": f"--offset-by: {IN_ORDER}; leave --runner spark out",
    "--conf spark.x": "--conf: 'spark.x' is no setting; for example --conf spark.executor.memory=4g",
    "--runner flink": "--runner: there is no runner 'flink'; choose local or spark",
}


def run_on_spark(words: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """The outcome over a log of one line."""
    monkeypatch.chdir(folder)
    Path("log.ndjson").write_text('{"ts": 1}\n', encoding="utf-8")
    return run_here(["log.ndjson", "--runner", "spark", *words.split()], folder)


@pytest.mark.parametrize("words", REFUSED)
def test_it_is_refused_with_the_reason(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = run_on_spark(words, tmp_path, monkeypatch)
    assert (found.code, found.said, found.files) == (2, [REFUSED[words]], {})


def test_idle_needs_producers_which_are_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = run_on_spark("--producer p --idle 5m --delay inf", tmp_path, monkeypatch)
    assert found.said == [REFUSED["--producer p"]]


def test_several_reports_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = '[report.a]\noutput = "a.csv"\n[report.b]\noutput = "b.csv"\n'
    (tmp_path / "c.toml").write_text(reports, encoding="utf-8")
    found = run_on_spark("-c c.toml", tmp_path, monkeypatch)
    assert found.said == ["--config: Spark makes one report, and there are several; run each by itself"]


def test_options_of_spark_are_refused_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_here(["--master", "yarn"], tmp_path).said == [
        "--master: means nothing without --runner spark; add --runner spark"
    ]


def test_stdin_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.spark_runs.STDIN", "-")
    monkeypatch.setattr("streamstat.runners.spark.session.check_spark", lambda: None)
    monkeypatch.chdir(tmp_path)
    assert run_here(["--runner", "spark"], tmp_path).said == [
        "stdin: is read by one process, and not by the tasks of Spark; name files, or leave --runner spark out"
    ]


def test_without_pyspark_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamstat.runners.spark.session.find_spec", lambda _: None)
    found = run_on_spark("", tmp_path, monkeypatch)
    assert (found.code, found.said) == (
        2,
        ["--runner spark: Spark takes another package; pip install 'streamstat[spark]'"],
    )


def test_without_java_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamstat.runners.spark.session.find_spec", lambda _: object())
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    found = run_on_spark("", tmp_path, monkeypatch)
    hint = "install it (Debian: apt install openjdk-17-jre-headless), or set JAVA_HOME"
    assert found.said == [f"--runner spark: Spark needs Java 17 or newer, and there is none; {hint}"]
