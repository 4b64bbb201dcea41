"""`streamstat help`: topics listed, shown and paged, and what is said of a topic that is not there."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
from tools.commands import PROGRAM, TIMEOUT_S, environment, run

from streamstat.commands import help as topics

NAMES = sorted(path.stem for path in topics.FOLDER.glob("*.md"))


def on_a_terminal(*arguments: str, **variables: str) -> str:
    """What `help` shows on a terminal."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "help", *arguments], stdin=side, stdout=side, stderr=side, env=environment(variables)
    )
    os.close(side)
    parts = []
    while True:
        try:
            parts.append(os.read(main, 1 << 16))
        except OSError:  # how Linux says that the other side is closed
            break
    os.close(main)
    assert process.wait(TIMEOUT_S) == 0
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_list_names_every_topic_with_its_title() -> None:
    ended = run(["help"])
    assert (ended.code, ended.err) == (0, "")
    assert re.findall(r"^  ([a-z-]+) ", ended.out, re.MULTILINE) == NAMES
    assert re.search(r"^  windows +Windows of time", ended.out, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_topic_is_its_file_without_what_tests_are_told(name: str) -> None:
    ended = run(["help", name])
    text = (topics.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == re.sub(r"<!-- .* -->\n", "", text)


@pytest.mark.parametrize("name", NAMES)
def test_topic_reads_well_in_eighty_columns(name: str) -> None:
    title, *lines = (topics.FOLDER / f"{name}.md").read_text(encoding="utf-8").splitlines()
    assert title.startswith("# ") and len(title) < 66  # beside its name in the list
    in_example = False
    for line in lines:
        in_example ^= line.startswith("```")
        assert in_example or len(line) <= 80, line
        assert in_example or not line.startswith("|"), f"a list is easier to read as plain text: {line}"


def test_topic_that_is_not_there_names_the_nearest() -> None:
    ended = run(["help", "windws"])
    said = "streamstat: help: there is no topic 'windws'; did you mean 'windows'?\n"
    assert (ended.code, ended.out, ended.err) == (2, "", said)


def test_topic_that_is_like_no_other_names_them_all() -> None:
    ended = run(["help", "../../README"])
    assert ended.code == 2
    assert all(name in ended.err for name in NAMES)


def test_terminal_gets_bold_headings_and_indented_examples() -> None:
    shown = on_a_terminal("windows", PAGER="")
    title, *lines = shown.splitlines()
    assert title.startswith("\x1b[1mWindows of time") and title.endswith("\x1b[0m")
    assert any(line.startswith("    $ streamstat run") for line in lines)
    assert not [line for line in lines if line.startswith(("#", "```", "<!--"))]


def test_terminal_gets_its_pager(tmp_path: Path) -> None:
    pager = tmp_path / "my pager"
    pager.write_text('#!/bin/sh\necho "paged by $1"\ncat\n')
    pager.chmod(0o755)
    shown = on_a_terminal("windows", PAGER=f"'{pager}' me")
    assert shown == "paged by me\n" + on_a_terminal("windows", PAGER="")


@pytest.mark.parametrize("pager", ["", "no-such-pager", "'", "cat"])
def test_terminal_without_a_pager_gets_the_text(pager: str) -> None:
    assert on_a_terminal(PAGER=pager).startswith("\x1b[1mTopics\x1b[0m\n")


def test_reader_who_leaves_early_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = run(["help", "windows"], stdout=writing)
    os.close(writing)
    assert (ended.code, ended.stderr) == (141, b"")
