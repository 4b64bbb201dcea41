"""`make accept`: run all cases and samples and write down what they give, the topic of options from
their table, and what `inspect` says of samples.

Nothing is right because it is written: read the difference (`git diff tests/cases samples`) before you
commit it.
"""

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tools import case_files, explained, inspected, options_topic, sample_charts
from tools.commands import Forks
from tools.typed import typed

SAMPLES = Path(__file__).parents[2] / "samples"


def main() -> None:
    """Rewrite the files named on the command line, or all."""
    chosen = [Path(name).resolve() for name in sys.argv[1:]]
    with Forks() as forks:
        for path in chosen or sorted(case_files.FOLDER.glob("*.toml")):
            cases = case_files.load(path)
            accepted = [replace(case, expect=case_files.run(case, forks)) for case in cases]
            rewrite(path, case_files.written(accepted))
        if not chosen:
            rewrite(options_topic.PATH, options_topic.text())
        for command in [] if chosen else sorted(SAMPLES.glob("*/command")):
            accept_sample(command)
        for name in [] if chosen else inspected.names():
            rewrite(inspected.KEPT / f"{name}.txt", inspected.inspect_sample(forks, name).out)
        for name, (folder, words) in ({} if chosen else explained.commands()).items():
            rewrite(explained.FOLDER / f"{name}.txt", explained.explained(folder, words, forks))
    for name in [] if chosen else sample_charts.names():
        rewrite(SAMPLES / name / sample_charts.CHART, sample_charts.drawn(name).decode())


def accept_sample(command: Path) -> None:
    """A command gives its expected rows on stdout, or reports in its folder `expected`; one of them may be stdout."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(command.parent, Path(folder) / command.parent.name))
        ended = typed(f"set -eo pipefail\n{command.read_text(encoding='utf-8')}", copy)
        if ended.returncode:
            sys.exit(f"{command}: exit code {ended.returncode}: {ended.stderr.decode()}")
        out, reports = ended.stdout.decode(), list(command.parent.glob("expected/*"))
        for report in reports:
            written = copy / report.name
            rewrite(report, written.read_text(encoding="utf-8") if written.exists() else out)
    if out and not reports:
        rewrite(command.parent / "expected.csv", out)


def rewrite(path: Path, text: str) -> None:
    """Write a file if it changes, and say so."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"changed: {path}")


if __name__ == "__main__":
    main()
