"""What the READMEs and help topics say is so: shell blocks give the output shown, lists name what is there.

`python tests/test_readme.py [FILE]...` runs the shell blocks and writes their output into the files; read the diff.

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
from test_structure import PACKAGE, RANKS
from tools import accuracy, options_topic

from streamstat import aggregates
from streamstat.common.errors import ExitCode
from streamstat.common.registry import names

ROOT = Path(__file__).parent.parent
HELP = ROOT / "streamstat" / "help"
MOST_LINES = 300  # of the README: who has read it is to have seen a first report
PAGES = [ROOT / "README.md", *sorted((ROOT / "samples").glob("*/README.md")), *sorted(HELP.glob("*.md"))]
BLOCK = re.compile(r"^(?:<!-- ([a-z ]+) -->\n)?```(console|cron|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d[\d,.]*")

# Stand-ins for programs that wait for ever, or that a machine may not have.
PROGRAMS = {
    "streamstat": f'exec {sys.executable} -m streamstat "$@"',
    "python": f'exec {sys.executable} "$@"',
    "tail": 'case "$*" in *-F*) for last; do :; done; exec cat "$last";; *) exec -a tail /usr/bin/tail "$@";; esac',
    "journalctl": "cat journal.ndjson",
    "kubectl": "cat access.ndjson",
    "mail": "cat >/dev/null",
}
JOURNAL = b'{"__REALTIME_TIMESTAMP":"1774733%d","_SYSTEMD_UNIT":"%s.service","PRIORITY":"%d","MESSAGE":"-"}\n'
OPTIONS = """
    --input --columns --separator --unwrap --each
    --window --by --agg --where --time --sent --received --time-unit --time-format --input-timezone
    --timezone --origin --delay --producer --idle --punctuation --max-ahead --late --allowed-lateness
    --late-file --bad-file --lost-file --output --format --type --sketches --states --fill --max-groups --stats --strict
    --csv-raw --no-header
    --state --commit-every --flush --follow --idle-flush --max-expansion --threads --config --quiet --silent
    --earliest --year --now --offset-by --numeric-text --version --help
    --since --until --unique --unique-for --share --column --having --order --limit
    --promises --completeness --explain --live --chart
    --runner --master --conf
"""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: where it stands, how it is marked, its kind and its text."""

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
    """The blocks of all pages."""
    found = []
    for file in PAGES:
        text = file.read_text()
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if match[2] in kinds and match[1] != "not run":
                found.append(Block(file, line, match[1], match[2], match[3]))
    return found


def prepare(folder: Path, block: Block) -> dict[str, str]:
    """What the commands of a block find: the samples, or those of their own README; gives the environment."""
    if block.file.parent in (ROOT, HELP):
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
        if line.startswith(("#", "SHELL=")):
            continue
        command = line.split(maxsplit=5)[5].replace(r"\%", "%").replace("/srv/shop", str(tmp_path))
        assert run(command + "; echo $?", tmp_path, environment).splitlines()[-1] == "0", command
    assert bool(list((tmp_path / "reports").iterdir())) == ("reports/" in block.text)


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


def listed(topic: str) -> list[str]:
    """What stands in code at the beginning of each entry of a topic's lists."""
    entry = r"^- (`[^`]+`(?:, `[^`]+`)*)"
    return re.findall(entry, (HELP / f"{topic}.md").read_text(), re.MULTILINE)


def test_options_of_topic_help_and_contract_are_the_same() -> None:
    program = [sys.executable, "-m", "streamstat", "run", "--help"]
    shown = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    in_help = set(re.findall(r"^ +(?:-\w, |, )?(--[a-z-]+)|(?<=, )(--[a-z-]+)", shown, re.MULTILINE))
    in_help = {option for pair in in_help for option in pair if option}
    in_topic = {option for names in listed("options") for option in re.findall(r"--[a-z-]+", names)}
    assert in_topic == set(OPTIONS.split())
    assert in_help | {"--version"} == set(OPTIONS.split())


def test_topic_of_options_is_that_of_their_table() -> None:
    assert options_topic.PATH.read_text() == options_topic.text(), "`make accept` writes it anew"


def test_aggregates_of_topic_are_those_of_the_folder() -> None:
    called = set(re.findall(r"`([a-z_]+)\(", " ".join(listed("aggregates"))))
    assert called == set(names(aggregates))


def test_exit_codes_of_topic_are_those_of_the_program() -> None:
    assert [int(code.strip("`")) for code in listed("exit-codes")] == [int(code) for code in ExitCode]


def test_accuracy_is_as_its_topic_says() -> None:
    assert accuracy.as_list() in (HELP / "accuracy.md").read_text()


def test_readme_is_short_and_has_recipes() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert text.split("\n## Recipes\n")[1].split("\n## ")[0].count("\n### ") >= 6


def test_readme_names_every_topic_and_no_other() -> None:
    named = re.findall(r"\]\(streamstat/help/([a-z-]+)\.md\)", (ROOT / "README.md").read_text())
    assert sorted(named) == sorted(path.stem for path in HELP.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_names_only_topics_and_files_that_are_there(page: Path) -> None:
    text = page.read_text()
    for topic in re.findall(r"streamstat\s+help\s+([a-z-]+)", text):
        assert (HELP / f"{topic}.md").exists(), topic
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (page.parent / link).exists(), link


def test_no_page_teaches_to_throw_errors_away() -> None:
    assert [str(page) for page in PAGES if re.search(r"\b2> ?/dev/null", page.read_text())] == []


def test_map_names_every_room_and_no_other() -> None:
    text = (ROOT / "streamstat" / "README.md").read_text()
    rooms = text.split("\n| room | what it is for |\n")[1].split("\n\n")[0].splitlines()[1:]
    ranks = re.findall(r"^\d+\. (.*)$", text, re.MULTILINE)
    named = [name for line in rooms for name in re.findall(r"`([a-z_]+)/?`", line.split("|")[1])]
    assert sorted(named) == sorted({name for row in RANKS for name in row} - {"__init__"})
    assert [set(re.findall(r"`([a-z_]+)`", line)) for line in ranks] == [
        set(row) - {"__init__"} for row in RANKS
    ]


def test_map_names_files_that_exist() -> None:
    text = (ROOT / "streamstat" / "README.md").read_text().split("\n## Decisions\n")[0]
    for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.[a-z]+)?)`", text):
        places = (ROOT / name, PACKAGE / name, PACKAGE / f"{name}.py", PACKAGE / "kernels" / name)
        inner = any((folder / name).exists() for folder in PACKAGE.iterdir() if folder.is_dir())
        assert inner or any(place.exists() for place in places), name


def rewrite(file: Path, folder: Path) -> None:
    """Run all shell blocks of a page and write their output into it."""
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

    for page in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
        with tempfile.TemporaryDirectory() as temporary:
            rewrite(page, Path(temporary))
