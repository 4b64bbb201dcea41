"""Options and configurations that nobody writes by hand: each is refused in a line that ends in a hint."""

import os
from pathlib import Path

import pytest
from tools.commands import Ended, Forks
from tools.decoders import json_decoder

from streamstat import Plan, kernels
from streamstat.common.errors import LONGEST_PLACE, LONGEST_PROBLEM, ConfigError, UsageError
from streamstat.plan.job import MOST_COLUMNS
from streamstat.plan.meaning import job_of
from streamstat.values.columns import Need
from streamstat.values.paths import MOST_DOTS

DIGITS = "9" * 5000
EVENTS = b'{"ts": 1, "k": 2}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "streams").mkdir()
    (tmp_path / "in.ndjson").write_bytes(EVENTS)
    return tmp_path


def run(forks: Forks, folder: Path, *arguments: str) -> Ended:
    """In 4 GiB of addresses more than a process has: what is too large must not be read."""
    before = ("tools.crafted:within", 4 << 30)
    return forks.run(["run", *arguments], b"", folder, folder / "streams", before)


def is_one_line(ended: Ended, code: int) -> bool:
    return (ended.code, ended.err.count("\n"), ended.stdout) == (code, 1, b"")


CONFIGURATIONS: dict[str, tuple[str | bytes, str]] = {
    "nested lists": ("x = " + "[" * 2000 + "]" * 2000, "nested too deep"),
    "nested tables": ("x = " + "{a=" * 2000 + "1" + "}" * 2000, "nested too deep"),
    "a number of 5,000 digits": (f"threads = {DIGITS}", "too many digits"),
    "a group limit of 5,000 digits": (f"max_groups = {DIGITS}", "too many digits"),
    "a hexadecimal number": ("max_groups = 0x" + "f" * 5000, "max_groups is more than"),
    "a hexadecimal number for a text": ("window = 0x" + "f" * 5000, "too large has the wrong type"),
    "a NUL in an output": ('output = "a\\u0000b.csv"', "output holds a NUL"),
    "a NUL in an input": ('inputs = ["in.ndjson", "a\\u0000"]', "inputs holds a NUL"),
    "a NUL in a state": ('state = "a\\u0000"', "state holds a NUL"),
    "a NUL in a late file": ('late_file = "a\\u0000"', "late_file holds a NUL"),
    "many groups": (f"by = {[f'k{i}' for i in range(5000)]}", "5,000 columns"),
    "a key of 100,000 letters": (f'"{"k" * 100_000}" = 1', "streamstat help options has them"),
    "dots": (f"time = '{'a.' * 100}b'", "more than 64 dots"),
    "no UTF-8": (b"\xff\xfe", "invalid start byte"),
    "2 MiB of comments": ("# " + "x" * (2 << 20), "more than 1,048,576 bytes"),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configuration_is_refused(forks: Forks, folder: Path, name: str) -> None:
    content, problem = CONFIGURATIONS[name]
    (folder / "c.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = run(forks, folder, "-c", "c.toml", "in.ndjson")
    assert is_one_line(ended, 78), ended
    assert ended.err.startswith("streamstat: c.toml") and problem in ended.err


def test_configuration_may_come_from_a_pipe(forks: Forks, folder: Path) -> None:
    """As a shell gives what another command prints; one that nobody writes to is empty, and not waited for."""
    reader, writer = os.pipe()
    os.write(writer, b'window = "all"\n')
    os.close(writer)
    name = f"/proc/{os.getpid()}/fd/{reader}"
    assert b"Z,1970-01-01T00:00:01Z,1" in run(forks, folder, "-c", name, "in.ndjson").stdout
    os.close(reader)
    os.mkfifo(folder / "c.toml")
    assert run(forks, folder, "-c", "c.toml", "in.ndjson").code == 0


@pytest.mark.parametrize("kind", ["device", "directory", "6 GiB", "long name", "link to itself"])
def test_configuration_that_is_no_file_of_options_is_neither_waited_for_nor_read(
    forks: Forks, folder: Path, kind: str
) -> None:
    path = folder / "c.toml"
    if kind == "directory":
        path.mkdir()
    elif kind == "6 GiB":
        with path.open("wb") as file:
            file.truncate(6 << 30)
    elif kind == "link to itself":
        path.symlink_to(path)
    name = {"device": "/dev/zero", "long name": "c" * 5000}.get(kind, "c.toml")
    assert is_one_line(run(forks, folder, "-c", name, "in.ndjson"), 78)


EXPRESSIONS = {
    "parentheses": "(" * 3000 + "k" + ")" * 3000,
    "not": "not " * 3000 + "k",
    "signs": "- " * 5000 + "k",
    "sums": "+".join(["k"] * 20_000),
    "calls": "lower(" * 3000 + "k" + ")" * 3000,
    "members": "k" + "[0]" * 3000,
    "a number": f"k > {DIGITS}",
    "a hexadecimal number": "k > 0x" + "f" * 5000,
    "a text": 'k == "' + "x" * 70_000 + '"',
    "dots in a text": f'field("{"a." * 100}") > 1',
    "dots": "a" + ".a" * 20_000 + " > 1",
    "half a character": 'k == "\udcff"',
    "a pattern": f'matches(k, "{"(" * 3000}")',
    "choices": "k if k else " * 3000 + "k",
}


@pytest.mark.parametrize("option", ["--where", "-b", "-a", "if"])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expression_is_refused(forks: Forks, folder: Path, name: str, option: str) -> None:
    text = EXPRESSIONS[name]
    texts = {"--where": text, "-b": f"x={text}", "-a": f"sum({text})", "if": f"count() if {text}"}
    ended = run(forks, folder, "-a" if option == "if" else option, texts[option], "in.ndjson")
    assert is_one_line(ended, 2), ended


@pytest.mark.parametrize("option", ["--time", "--sent", "--producer", "--punctuation", "--received", "-b"])
def test_path_that_no_decoder_descends_is_refused_by_its_option(
    forks: Forks, folder: Path, option: str
) -> None:
    ended = run(forks, folder, option, "a" + ".a" * 65, "--received", "r" + ".a" * 65, "in.ndjson")
    assert is_one_line(ended, 2) and "has more than 64 dots; for example user.id" in ended.err


def test_limits_are_those_of_the_kernels() -> None:
    kernels.TupleTable(MOST_COLUMNS)
    json_decoder({"." * MOST_DOTS: Need.NOTHING})
    with pytest.raises(ValueError, match="not within 1 to"):
        kernels.TupleTable(MOST_COLUMNS + 1)
    with pytest.raises(ValueError, match="dots"):
        json_decoder({"." * (MOST_DOTS + 1): Need.NOTHING})


def test_groups_are_as_many_as_the_kernel_holds() -> None:
    fields = [f"k{i}" for i in range(MOST_COLUMNS + 1)]
    assert len(job_of(Plan(by=fields[1:])).groups) == MOST_COLUMNS
    with pytest.raises(UsageError, match="--by: 4,097 columns are more than 4,096; name fewer fields"):
        job_of(Plan(by=fields))
    with pytest.raises(UsageError, match="4,097 columns, one of them of --max-groups, are more"):
        job_of(Plan(by=fields[1:], max_groups=9))
    with pytest.raises(UsageError, match="--max-groups: is more than 9,223,372,036,854,775,807"):
        job_of(Plan(by=["k"], max_groups=2**63))


def test_thousands_of_aggregates_are_none_too_many(forks: Forks, folder: Path) -> None:
    asked = [text for i in range(2000) for text in ("-a", f"a{i}=sum(k)")]
    ended = run(forks, folder, *asked, "in.ndjson")
    assert (ended.code, ended.err, ended.out.count("\n")) == (0, "", 2)


LONG = ("x" * 5000, "/" + "x/" * 3000 + "x.csv")


@pytest.mark.parametrize("option", ["-o", "--late-file", "--bad-file", "--stats"])
@pytest.mark.parametrize("name", [*LONG, "loop.csv"], ids=["name", "path", "links"])
def test_name_that_no_file_can_have_is_told_as_that_of_an_output(
    forks: Forks, folder: Path, option: str, name: str
) -> None:
    (folder / "loop.csv").symlink_to("loop.csv")
    ended = run(forks, folder, option, name, "in.ndjson")
    assert is_one_line(ended, 73) and ended.err.endswith("; choose another name, for example report.csv\n")


def test_name_that_no_folder_can_have_is_no_state(forks: Forks, folder: Path) -> None:
    ended = forks.run(["state", LONG[0]], b"", folder, folder / "streams")
    assert is_one_line(ended, 66)
    assert is_one_line(run(forks, folder, "--state", LONG[0], "in.ndjson"), 73)


@pytest.mark.parametrize("option", ["-w", "--late", "--time-unit", "--delay", "-f", "--origin", "--type"])
def test_hint_stands_behind_any_length_of_text(forks: Forks, folder: Path, option: str) -> None:
    ended = run(forks, folder, option, "x" * 100_000, "in.ndjson")
    assert is_one_line(ended, 2) and len(ended.err) < LONGEST_PLACE + 2 * LONGEST_PROBLEM
    assert "; " in ended.err and not ended.err.endswith("…\n")


def test_message_leaves_out_the_middle_of_what_is_long() -> None:
    error = ConfigError("p" * 400, "x" * 1000 + "y", "window = 1m")
    assert str(error).endswith("y; window = 1m") and " … " in str(error)
    assert error.problem == "x" * 1000 + "y"
