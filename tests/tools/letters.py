"""What is a letter or a digit, and what is alike whatever the case, by Unicode: writes `kernels/words/letters.hpp`.

The running Python says it. Two characters are alike whatever their case, by simple folding, if their full foldings are
equal: that of a sharp s is two letters, and so is that of the capital one.
"""

import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

HEADER = Path(__file__).parents[2] / "streamstat" / "kernels" / "words" / "letters.hpp"
LAST = 0x110000
_TEMPLATE = """// Letters and digits (L and N) and simple case folding of Unicode {version}, written by tools.letters.
#pragma once

#include <cstdint>

namespace streamstat {{

struct LetterRun {{
  std::uint32_t first, last;
}};

// Every `step`-th character from first to last has, whatever the case, the character `add` behind it.
struct FoldRun {{
  std::uint32_t first, last;
  std::uint8_t step;
  std::int32_t add;
}};

inline constexpr LetterRun kLetterRuns[] = {{
{letters}
}};

inline constexpr FoldRun kFoldRuns[] = {{
{folds}
}};

}}  // namespace streamstat
"""


def is_letter(code: int) -> bool:
    """Whether a character is a letter or a digit."""
    return unicodedata.category(chr(code))[0] in "LN"


def simple_folds() -> dict[int, int]:
    """Each character that stands for another whatever the case, and that other one."""
    by_fold: dict[str, int] = {}
    folds: dict[int, int] = {}
    for code in range(LAST):
        folded = chr(code).casefold()
        if len(folded) == 1:
            if folded != chr(code):
                folds[code] = ord(folded)
        elif (first := by_fold.setdefault(folded, code)) != code:
            folds[code] = first
    return folds


def letter_runs() -> list[tuple[int, int]]:
    """First and last of each run of letters."""
    codes = [code for code in range(LAST) if is_letter(code)]
    runs = [list(run) for _, run in groupby(enumerate(codes), lambda each: each[1] - each[0])]
    return [(run[0][1], run[-1][1]) for run in runs]


def fold_runs(folds: dict[int, int]) -> Iterator[tuple[int, int, int, int]]:
    """First, last, step and difference of each run of characters that are folded alike."""
    codes = sorted(folds)
    place = 0
    while place < len(codes):
        first = last = codes[place]
        add, step = folds[first] - first, 1
        if place + 1 < len(codes) and codes[place + 1] - first <= 2:
            step = codes[place + 1] - first
        while last + step in folds and folds[last + step] - last - step == add:
            last += step
        in_between = [code for code in codes[place:] if code <= last and (code - first) % step]
        if in_between:
            last = first
        yield first, last, step, add
        place += (last - first) // step + 1


def header() -> str:
    """The whole file."""
    letters = "\n".join(_wrapped([f"{{0x{a:X}, 0x{b:X}}}" for a, b in letter_runs()]))
    folds = [f"{{0x{a:X}, 0x{b:X}, {step}, {add}}}" for a, b, step, add in fold_runs(simple_folds())]
    version = unicodedata.unidata_version
    return _TEMPLATE.format(version=version, letters=letters, folds="\n".join(_wrapped(folds)))


def _wrapped(items: list[str]) -> Iterator[str]:
    line = "   "
    for item in items:
        if len(line) + len(item) > 118:
            yield line
            line = "   "
        line += f" {item},"
    yield line


if __name__ == "__main__":
    HEADER.write_text(header(), encoding="utf-8")
    subprocess.run(["git", "diff", "--stat", str(HEADER)], check=True, stdout=sys.stderr)
