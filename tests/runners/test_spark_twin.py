"""Whatever can be asked of Spark gives what one process gives: rows, ledger, notes, errors and exit codes.

Carried out without Spark, so that every command of the cases can be asked.
"""

import shlex
from pathlib import Path

import pytest
from tools import case_files
from tools.case_files import Case
from tools.merging import merged
from tools.spark_runs import STDIN, Outcome, run_here
from tools.spark_twin import SparkTwin

from streamstat.commands import spark_run

CASES = [case for path in sorted(case_files.FOLDER.glob("*.toml")) for case in case_files.load(path)]
RUNS = [case for case in CASES if shlex.split(case.command)[0] == "run"]


SPLIT_BYTES = (30, 100_000)  # less than a line, and more than a file


def on_twin(words: list[str], monkeypatch: pytest.MonkeyPatch, split_bytes: int) -> Outcome:
    """The outcome of a run with `--runner spark`, where the twin stands for Spark."""
    with monkeypatch.context() as patched:
        patched.setattr("streamstat.runners.spark.session.check_spark", lambda: None)
        twin = SparkTwin(split_bytes)
        patched.setattr("streamstat.runners.spark.session.RunningSpark", lambda *_: twin)
        return run_here([*words, "--runner", "spark"], Path.cwd())


def is_refused(outcome: Outcome) -> bool:
    """Whether it was told that Spark cannot do this."""
    said = outcome.said[-1] if outcome.said else ""
    return outcome.code in (2, 78) and any(f": {each.problem}" in said for each in spark_run.REFUSALS)


@pytest.mark.parametrize("case", RUNS, ids=lambda case: case.name)
def test_every_case_gives_the_same_or_is_refused(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {STDIN: case.input, **case.files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(case_files.packed(name, text))
    words = shlex.split(case.command)[1:]
    found = [(on_twin(words, monkeypatch, size), capfdbinary.readouterr()) for size in SPLIT_BYTES]
    if not is_refused(found[0][0]):
        assert found == [(run_here(words, tmp_path), capfdbinary.readouterr())] * len(found)


def test_reports_that_spark_made_with_states_merge_as_others_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    question = ["-t", "ts", "-b", "k", "-a", "first(v)", "-a", "last(v)", "-a", "p50(v)", "-a", "count()"]
    for name, n in (("a", 12), ("b", 60)):  # of which the first has fewer parts
        lines = [f'{{"ts": {i % 9}, "k": {i % 3}, "v": "{name}{i}"}}\n' for i in range(n)]
        (tmp_path / f"{name}.ndjson").write_text("".join(lines))
        words = [*question, "-w", "tumbling:3s", "--states", "-o", f"{name}.parquet", f"{name}.ndjson"]
        with monkeypatch.context() as patched:  # what is made stays, to be merged
            patched.setattr(Path, "unlink", lambda *_, **__: None)
            assert on_twin(words, patched, SPLIT_BYTES[0]).code == 0
    merged([tmp_path / "b.parquet", tmp_path / "a.parquet"], tmp_path / "merged.csv", {"window": "all"})
    ran = run_here([*question, "-w", "all", "-o", "one.csv", "b.ndjson", "a.ndjson"], tmp_path)
    assert ran.files["one.csv"] == (tmp_path / "merged.csv").read_bytes()


def test_a_look_at_inputs_keeps_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"{i}.ndjson" for i in range(5)]
    for name in names:
        (tmp_path / name).write_text('{"ts": 1}\n')
    words = ["-t", "ts", "-o", "rows.csv", *names]
    assert on_twin(words, monkeypatch, SPLIT_BYTES[0]).code == 0
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert on_twin(words, monkeypatch, SPLIT_BYTES[0]).code == 0
    assert len(list(Path("/proc/self/fd").iterdir())) == before
