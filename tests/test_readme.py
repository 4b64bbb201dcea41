"""What the READMEs say is so: shell blocks give the output shown, tables name what is there.

`python tests/test_readme.py` runs all shell blocks and writes their output into the files; read the diff.

In a `console` block a line behind `$ ` is a command (going on while a line ends in a backslash), the lines
behind it are its output on stdout and stderr. `<!-- volatile -->` before a block: numbers are not compared.
`<!-- not run -->`: it is only shown. A `cron` block's commands are run once each; `pycon` is a doctest.
"""

import doctest
import gzip
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_structure import RANKS
from tools import accuracy

from streamstat import aggregates
from streamstat.common.errors import ExitCode
from streamstat.common.registry import names

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", *sorted((ROOT / "samples").glob("*/README.md"))]
BLOCK = re.compile(r"^(?:<!-- ([a-z ]+) -->\n)?```(console|cron|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d[\d,.]*")

# Stand-ins for programs that wait for ever, or that a machine may not have.
PROGRAMS = {
    "streamstat": f'exec {sys.executable} -m streamstat "$@"',
    "python": f'exec {sys.executable} "$@"',
    "tail": 'case "$*" in *-F*) for last; do :; done; exec cat "$last";; *) exec /usr/bin/tail "$@";; esac',
    "journalctl": "cat journal.ndjson",
    "kubectl": "cat access.ndjson",
    "mail": "cat >/dev/null",
}
JOURNAL = b'{"__REALTIME_TIMESTAMP":"1774733%d","_SYSTEMD_UNIT":"%s.service","PRIORITY":"%d","MESSAGE":"-"}\n'
OPTIONS = """
    --window --by --agg --where --time --sent --received --time-unit --time-format --input-timezone
    --timezone --origin --delay --producer --idle --punctuation --max-ahead --late --allowed-lateness
    --late-file --bad-file --output --format --type --sketches --fill --max-groups --stats --strict --csv-raw
    --state --commit-every --flush --follow --idle-flush --max-expansion --threads --config --quiet --silent --version
    --help
"""


@dataclass(frozen=True)
class Block:
    """A fenced block of a README: where it stands, how it is marked, its kind and its text."""

    file: Path
    line: int
    mark: str | None
    kind: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Commands and the output shown for each."""
        found: list[tuple[str, str]] = []
        goes_on = False
        for line in self.text.splitlines(keepends=True):
            if line.startswith("$ "):
                found.append((line[2:], ""))
            else:
                command, output = found[-1]
                found[-1] = (command + line, output) if goes_on else (command, output + line)
            command, output = found[-1]
            goes_on = not output and (command.endswith("\\\n") or ("<<'END'" in command and line != "END\n"))
        return found


def blocks(*kinds: str) -> list[Block]:
    """The blocks of all READMEs."""
    found = []
    for file in READMES:
        text = file.read_text()
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if match[2] in kinds and match[1] != "not run":
                found.append(Block(file, line, match[1], match[2], match[3]))
    return found


def prepare(folder: Path, block: Block) -> dict[str, str]:
    """What the commands of a block find: the samples, or that of their own README; gives the environment."""
    if block.file.parent == ROOT:
        shutil.copytree(ROOT / "samples", folder / "samples")
        lines = (ROOT / "samples" / "web" / "events.ndjson").read_bytes().splitlines(keepends=True)
        (folder / "access.ndjson").write_bytes(b"".join(lines[2000:]))
        (folder / "access.ndjson.1.gz").write_bytes(gzip.compress(b"".join(lines[1000:2000])))
        (folder / "access.ndjson.2.gz").write_bytes(gzip.compress(b"".join(lines[:1000])))
        units = [(b"sshd", 6), (b"shop", 3), (b"shop", 6), (b"cron", 6), (b"shop", 4)]
        journal = (JOURNAL % (i * 1_300_000 + 400_000_000, *units[i * i % 7 % 5]) for i in range(200))
        (folder / "journal.ndjson").write_bytes(b"".join(journal))
    else:
        shutil.copytree(block.file.parent, folder, dirs_exist_ok=True)
    programs = folder / ".programs"
    programs.mkdir()
    for name, body in PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/bash\n{body}\n")
        (programs / name).chmod(0o755)
    return {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    """What a command prints, on stdout and stderr."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.stdout.decode()


def missing(block: Block) -> str | None:
    """A program that the block needs and this machine does not have."""
    return next((name for name in ("jq",) if f"{name} " in block.text and not shutil.which(name)), None)


@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.name)
def test_shell_block_gives_the_output_shown(block: Block, tmp_path: Path) -> None:
    if program := missing(block):
        pytest.skip(f"{program} is not installed")
    environment = prepare(tmp_path, block)
    for command, expected in block.commands:
        output = run(command, tmp_path, environment)
        if block.mark == "volatile":
            assert NUMBER.sub("#", output) == NUMBER.sub("#", expected), command
        else:
            assert output == expected, command


@pytest.mark.parametrize("block", blocks("cron"), ids=lambda block: block.name)
def test_cron_lines_run(block: Block, tmp_path: Path) -> None:
    environment = prepare(tmp_path, block)
    (tmp_path / "reports").mkdir()
    for line in block.text.splitlines():
        if line.startswith("#"):
            continue
        command = line.split(maxsplit=5)[5].replace(r"\%", "%").replace("/srv/shop", str(tmp_path))
        assert run(command + "; echo $?", tmp_path, environment).splitlines()[-1] == "0", command
    assert list((tmp_path / "reports").iterdir())


@pytest.mark.parametrize("block", blocks("pycon"), ids=lambda block: block.name)
def test_python_block_gives_the_output_shown(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, block)
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(block.text, {}, block.name, str(block.file), block.line)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)


def table_column(heading: str) -> list[str]:
    """The first cells of the table below a heading of the README."""
    text = (ROOT / "README.md").read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in text.splitlines() if line.startswith(("| ", "|-"))]
    return [row.split("|")[1] for row in rows if not row.startswith("|-")][1:]


def test_options_of_readme_help_and_contract_are_the_same() -> None:
    program = [sys.executable, "-m", "streamstat", "run", "--help"]
    shown = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    in_help = set(re.findall(r"^ +(?:-\w, |, )?(--[a-z-]+)|(?<=, )(--[a-z-]+)", shown, re.MULTILINE))
    in_help = {option for pair in in_help for option in pair if option}
    in_readme = {option for cell in table_column("Options") for option in re.findall(r"--[a-z-]+", cell)}
    assert in_readme == set(OPTIONS.split())
    assert in_help | {"--version"} == set(OPTIONS.split())


def test_aggregates_of_readme_are_those_of_the_folder() -> None:
    cells = " ".join(table_column("Aggregates"))
    assert set(re.findall(r"`([a-z]+)\(", cells)) - {"p"} == set(names(aggregates))


def test_exit_codes_of_readme_are_those_of_the_program() -> None:
    codes = [int(cell.strip(" `")) for cell in table_column("Exit codes")]
    assert codes == [int(code) for code in ExitCode]


def test_accuracy_is_as_the_readme_says() -> None:
    assert accuracy.table() in (ROOT / "README.md").read_text()


def test_readme_has_a_long_cookbook() -> None:
    text = (ROOT / "README.md").read_text()
    assert text.split("\n## Cookbook\n")[1].split("\n## ")[0].count("\n### ") >= 10


def test_map_names_every_module_and_no_other() -> None:
    text = (ROOT / "streamstat" / "README.md").read_text()
    files = text.split("\n| file | owns |\n")[1].split("\n\n")[0].splitlines()[1:]
    ranks = re.findall(r"^\d+\. (.*)$", text, re.MULTILINE)
    modules = {path.stem for path in (ROOT / "streamstat").glob("*.py")} - {"__init__"}
    modules |= {path.parent.name for path in (ROOT / "streamstat").glob("*/__init__.py")}
    assert {name for line in files for name in re.findall(r"`([a-z_]+)/?`", line.split("|")[1])} == modules
    assert [set(re.findall(r"`([a-z_]+)`", line)) for line in ranks] == [
        set(row) - {"__init__"} for row in RANKS
    ]


def rewrite(file: Path, folder: Path) -> None:
    """Run all shell blocks of a README and write their output into it."""
    text = file.read_text()
    for number, block in enumerate(each for each in blocks("console") if each.file == file):
        place = folder / str(number)
        place.mkdir(parents=True)
        environment = prepare(place, block)
        shown = "".join(f"$ {command}{run(command, place, environment)}" for command, _ in block.commands)
        text = text.replace(f"```console\n{block.text}```", f"```console\n{shown}```", 1)
    file.write_text(text)


if __name__ == "__main__":
    import tempfile

    for readme in READMES:
        with tempfile.TemporaryDirectory() as temporary:
            rewrite(readme, Path(temporary))
