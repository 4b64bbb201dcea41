"""No line of stderr is longer than a person takes in at once, but for what the person or the data has put in it."""

import re

import pytest
from tools.case_files import FOLDER, Case, load

LONGEST = 120
CASES = [case for path in sorted(FOLDER.glob("*.toml")) for case in load(path)]
QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
PLACE = re.compile(r"\S+:[0-9]+\b")
NAMES = re.compile("(?<=fields: ).*|(?<=takes another: ).*")  # of the data
COMMAND = re.compile(r": [^:]* \| streamstat run$")  # to be pasted as it stands
ENDS, SHORT_WORD = ".,;:()", 4


def own_length(line: str, case: Case) -> int:
    """Characters of a line without its values: what stands in quotes, places, and words of the case."""
    given = " ".join([case.command, case.input, *case.files, *case.files.values()])
    words = COMMAND.sub("", PLACE.sub("", QUOTED.sub("", NAMES.sub("", line)))).split()
    return len(" ".join(word for word in words if len(word) < SHORT_WORD or word.strip(ENDS) not in given))


def test_values_are_told_from_words() -> None:
    case = Case("", "run --where 'latency>1' my.log")
    assert own_length("my.log:7: latency>1: it has 'x y'; so: cat my.log | streamstat run", case) == len(
        ": it has ; so"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_lines_are_short(case: Case) -> None:
    long = [line for line in case.expect.stderr.splitlines() if own_length(line, case) > LONGEST]
    assert long == []
