"""On a cluster whose executors are processes of their own: what one process gives, whatever happens to executors."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyspark
import pytest
from tools.commands import environment, run
from tools.spark_runs import Outcome, command_of, run_here

import streamstat
from streamstat.common.errors import UsageError
from streamstat.runners.spark.job_graph import JobGraph, Task
from streamstat.runners.spark.session import RunningSpark, check_spark

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not:FutureWarning")
WEB = Path(__file__).parents[2] / "samples" / "web" / "events.ndjson"
PARTS = ["--runner", "spark", "--conf", "spark.sql.files.maxPartitionBytes=60000"]
MEASURES = ["-a", "count()", "-a", "p50,p99(latency_ms)", "-a", "distinct(visitor)", "-a", "first(path)"]
EXACT = ["-a", "sum(latency_ms)", "-a", "var(latency_ms)", "-a", "rate()", "-a", "top(status, 3)"]
QUESTIONS = {
    "tumbling": ["-w", "tumbling:1h", "-b", "route", *MEASURES, "--having", "count > 3"],
    "hopping": [
        "-w",
        "hopping:1h/10m",
        "-b",
        "route,status",
        *EXACT,
        "--order=-count_2",
        "-a",
        "count_2=count()",
    ],
    "sessions": ["-w", "session:5m", "-b", "visitor", *MEASURES, *EXACT],
    "all": ["-w", "all", "-b", "route", *MEASURES, *EXACT],
    "without groups": ["-w", "tumbling:10m", "--fill", "--sketches", *MEASURES],
}
MASTER = "local-cluster[2,1,1024]"
HERE = Path(__file__).parent
# What begins Python on executors: without this package, which is installed here so that its files are found anywhere.
WORKER = """#!/bin/sh
STREAMSTAT_IS_HIDDEN=1 PYTHONPATH="{folder}:$PYTHONPATH" exec {python} "$@"
"""


@dataclass
class Disturbed:
    """A session whose reading tasks are others."""

    session: RunningSpark
    function: str
    text: Callable[[str], str]

    @property
    def split_bytes(self) -> int:
        return self.session.split_bytes

    def table(self, graph: JobGraph) -> pa.Table:
        read = Task("disturbed", self.function, self.text(graph.read.text), graph.read.columns)
        return self.session.table(JobGraph(graph.parts, read, graph.keys, graph.order, graph.join))

    def cancel(self) -> None:
        self.session.cancel()

    def failure(self, error: BaseException) -> Any:
        return self.session.failure(error)

    def stop(self) -> None: ...


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSpark]:
    """A session that tasks can be sent to, once it has begun."""
    missing = ""
    try:
        check_spark()
    except UsageError as error:
        missing = str(error)
    if missing:  # behind `except`, where it would be told with the error that it comes from
        pytest.fail(missing, pytrace=False)
    worker = tmp_path_factory.mktemp("worker") / "python"
    worker.write_text(WORKER.format(folder=HERE / "worker", python=sys.executable), encoding="utf-8")
    worker.chmod(0o755)
    os.environ["PYSPARK_PYTHON"] = str(worker)
    session = RunningSpark(MASTER, {"spark.cores.max": "2"})
    yield session
    session.stop()


def asked(words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What a run gives that writes files into a folder."""
    monkeypatch.chdir(folder)
    return run_here([*words, "-o", "rows.csv", "-o", "rows.parquet"], folder)


@pytest.fixture(params=[".ndjson", ".ndjson.gz"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A log with bad lines, as it is and compressed."""
    path = tmp_path / f"web{request.param}"
    content = WEB.read_bytes()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_ledger_and_words_are_those_of_one_process(
    question: str, log: Path, tmp_path: Path, spark: RunningSpark, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [*QUESTIONS[question], log.name]
    found = asked([*words, *PARTS], tmp_path, monkeypatch)
    assert found == asked(words, tmp_path, monkeypatch)
    assert found.stats["counted"] == 2994
    assert found.said[0].startswith(f"lost of 3,000 lines: 5 bad, first {log.name}:350:83: ")


@pytest.mark.parametrize("whom", ["worker", "executor"])
def test_a_killed_process_changes_nothing(
    whom: str, tmp_path: Path, spark: RunningSpark, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, flag = [*QUESTIONS["tumbling"], str(WEB)], tmp_path / "killed"
    alone = asked(words, tmp_path, monkeypatch)
    dying = Disturbed(spark, "dying", lambda text: json.dumps([str(flag), whom, text]))
    monkeypatch.setattr("streamstat.runners.spark.session.RunningSpark", lambda *_: dying)
    found = asked([*words, *PARTS], tmp_path, monkeypatch)
    assert found.files.pop("killed") == (b"java\n" if whom == "executor" else b"python\n")
    assert found == alone


def test_executors_have_the_package_from_the_archive(spark: RunningSpark) -> None:
    where = Task("disturbed", "whereabouts", "", "file string")
    same = Task("disturbed", "whereabouts", "", "file string")
    table = spark.table(JobGraph(2, where, [], ["file"], same))
    files = table.column("file").to_pylist()
    assert {Path(each).name.partition(".")[0] for each in files} == {"__init__", "_native"}
    assert all("streamstat-" in each and "/work/" in each for each in files), files


def test_a_signal_ends_the_job_and_leaves_no_report(
    tmp_path: Path, spark: RunningSpark, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    waiting = Disturbed(spark, "waiting", lambda _: str(begun))
    monkeypatch.setattr("streamstat.runners.spark.session.RunningSpark", lambda *_: waiting)
    monkeypatch.chdir(tmp_path)
    command = command_of([*QUESTIONS["tumbling"], str(WEB), "--runner", "spark", "-o", "rows.csv"])

    def stop() -> None:
        begun.read_bytes()
        command.stop()

    stopping = threading.Thread(target=stop)
    stopping.start()
    command.run()
    stopping.join()
    assert command.interrupted
    assert not Path("rows.csv").exists()


def test_it_runs_under_spark_submit(tmp_path: Path) -> None:
    program = Path(streamstat.__file__).with_name("__main__.py")
    submit = [
        str(Path(pyspark.__file__).parent / "bin" / "spark-submit"),
        "--master",
        "local[1]",
        str(program),
    ]
    words = ["run", *QUESTIONS["tumbling"], str(WEB), "-o"]
    more = environment(
        {"PYSPARK_DRIVER_PYTHON": sys.executable, "JAVA_HOME": os.environ.get("JAVA_HOME", "")}
    )
    ended = subprocess.run(
        [*submit, *words, "spark.csv", "--runner", "spark"], capture_output=True, cwd=tmp_path, env=more
    )
    alone = run([*words, "alone.csv"], cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "spark.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()
    assert ended.stdout == alone.stderr  # spark-submit hands on both streams as one
