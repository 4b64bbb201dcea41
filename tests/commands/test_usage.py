"""What the program says of its own use: pages of help, first steps, completion. All of it from one table of options."""

from dataclasses import fields
from pathlib import Path

import pytest
from tools.commands import Forks, environment, run

from streamstat.commands.settings import Settings
from streamstat.commands.usage import overview, page
from streamstat.commands.verbs import VERBS
from streamstat.plan.options import GROUPS, options_of
from streamstat.plan.plan import Plan

OF_OTHER_VERBS = ("Pattern", "Queries", "Join", "View")
# What settings hold beside options.
NOT_TYPED = {
    "queries_toml",
    "names",
    "streams",
    "plan",
    "configured",
    "words",
    "tables",
    "own",
}


@pytest.mark.parametrize("kind", [Plan, Settings, *(verb.own for verb in VERBS.values() if verb.own)])
def test_every_field_is_an_option_declared_in_its_place(kind: type) -> None:
    options = {each.holder: each for each in options_of(kind)}
    assert set(options) == {each.name for each in fields(kind)} - NOT_TYPED
    for one in options.values():
        assert one.group in GROUPS and one.help.endswith("."), one


def test_names_and_short_forms_are_given_once() -> None:
    for verb in VERBS.values():
        flags = [flag for each in verb.options for flag in each.flags]
        assert len(flags) == len(set(flags))


@pytest.mark.parametrize("columns", [1, 60, 80, 110, 300])
@pytest.mark.parametrize("verb", VERBS)
def test_page_names_all_options_and_fits(verb: str, columns: int) -> None:
    text = page(VERBS[verb], columns)
    assert all(flag in text for each in VERBS[verb].options if not each.is_argument for flag in each.flags)
    shown = [line for line in text.splitlines() if not line.startswith("  ")]
    assert max(map(len, shown)) <= max(50, min(columns, 110))


def test_page_has_examples_first_groups_in_order_and_exit_codes_last() -> None:
    headings = [
        line[:-1] for line in page(VERBS["run"], 80).splitlines() if line.endswith(":") and line[0] != " "
    ]
    assert headings == ["Examples", *(each for each in GROUPS if each not in OF_OTHER_VERBS), "Exit codes"]


def test_examples_of_pages_are_commands_that_work(forks: Forks, tmp_path: Path) -> None:
    line = b'{"ts": 0, "route": "/", "latency_ms": 7, "level": "info"}\n'
    (tmp_path / "logs").mkdir()
    for name in ("access.ndjson", "logs/a.ndjson.gz"):
        (tmp_path / name).write_bytes(line)
    for example in VERBS["run"].examples:
        words = example.split("streamstat ")[1].replace("'", "").split()
        assert forks.run(words, line, tmp_path, tmp_path).code == 0, example


@pytest.mark.parametrize(
    "words", [["--help"], ["-h"], ["run", "-h"], ["run", "a.ndjson", "--help"], ["state", "--help"]]
)
def test_help_is_asked_for_anywhere(forks: Forks, tmp_path: Path, words: list[str]) -> None:
    ended = forks.run(words, b"", tmp_path, tmp_path)
    verb = VERBS.get(words[0])
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == (overview(80) if verb is None else page(verb, 80)).splitlines()


def test_program_alone_shows_how_to_begin(forks: Forks, tmp_path: Path) -> None:
    ended = forks.run([], b"", tmp_path, tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "\n  streamstat run access.ndjson --by status" in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["app.ndjson"], "app.ndjson: is no command; did you mean: streamstat run app.ndjson"),
        (["plain", "--by", "a b"], "plain: is no command; did you mean: streamstat run plain --by 'a b'"),
        (["logs/*.gz"], "logs/*.gz: is no command; did you mean: streamstat run 'logs/*.gz'"),
        (["-"], "-: is no command; did you mean: streamstat run -"),
        (["rnu"], "No such command 'rnu'. Did you mean 'run'?"),
    ],
)
def test_input_without_a_command_is_told_the_command(
    forks: Forks, tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "plain").touch()
    ended = forks.run(words, b"", tmp_path, tmp_path)
    assert (ended.code, ended.out, ended.err) == (2, "", f"streamstat: {said}\n")


@pytest.mark.parametrize(
    ("shell", "asked"),
    [
        ("bash", {"COMP_WORDS": "streamstat run --wi", "COMP_CWORD": "2"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "streamstat run --wi"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "streamstat run --wi", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_shell_completes_options(tmp_path: Path, shell: str, asked: dict[str, str]) -> None:
    ended = run([], b"", tmp_path, env=environment({"_STREAMSTAT_COMPLETE": f"complete_{shell}", **asked}))
    assert ended.code == 0
    assert "--window" in ended.out and "--where" not in ended.out


def test_completion_is_installed_where_the_shell_finds_it(tmp_path: Path) -> None:
    ended = run(["--install-completion", "bash"], b"", tmp_path, env=environment({"HOME": str(tmp_path)}))
    assert ended.code == 0
    scripts = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and b"_STREAMSTAT_COMPLETE" in path.read_bytes()
    ]
    assert scripts
