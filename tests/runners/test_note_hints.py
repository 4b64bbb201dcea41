"""What a note proposes works when it is followed."""

import pytest
from tools.commands import Forks

from streamstat.runners.notes.spellings import function_for, in_expression

TEXTS = [
    "503",
    " 5 ",
    "-1.5e3",
    "0",
    "165.3ms",
    "1h2m",
    "PT26.4S",
    "PT1H",
    "3s",
    "10Mi",
    "512 B",
    "1.5GB",
    "2k",
]
NONE = ["", "n/a", "0x10", "1,000", "12 apples", "P", "PT", "01", "+5", "ms", "1e"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_proposed_function_reads_the_text(
    forks: Forks, tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    streams = tmp_path_factory.mktemp("streams")
    function = function_for(text)
    command = ["run", "--strict", "-w", "all", "-a", f"n=max({function}(x))", "-f", "ndjson"]
    ended = forks.run(command, f'{{"ts": 1, "x": "{text}"}}\n'.encode(), streams, streams)
    assert (ended.code, ended.err) == (0, "") and '"n":null' not in ended.out


@pytest.mark.parametrize("text", NONE)
def test_nothing_is_proposed_for_other_texts(text: str) -> None:
    assert function_for(text) is None


@pytest.mark.parametrize("path", ["a", "a.b", "response-time", "if", "a b", "é", "1x", "a.b-c"])
def test_a_field_is_found_as_it_is_written_in_an_expression(
    forks: Forks, tmp_path_factory: pytest.TempPathFactory, path: str
) -> None:
    streams = tmp_path_factory.mktemp("streams")
    command = ["run", "--strict", "-w", "all", "-a", f"n=max({in_expression(path)})", "-f", "ndjson"]
    ended = forks.run(command, f'{{"ts": 1, "{path}": 7}}\n'.encode(), streams, streams)
    assert (ended.code, ended.err) == (0, "") and '"n":7' in ended.out
