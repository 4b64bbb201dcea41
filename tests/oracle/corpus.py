"""The JSON corpus: hostile and odd lines with what must become of them.

Every case has a name and its bytes as `line` or `data` (text), `hex`, or `repeat` (a list of [text, times]).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "corpus"


@dataclass(frozen=True)
class Case:
    """A case; `facts` is all else it holds, such as verdict, path, kind, text, value, lines, bad."""

    name: str
    data: bytes
    facts: Mapping[str, object]


def load(name: str) -> list[Case]:
    """The cases of `accept`, `reject`, `free`, `values` or `framing`."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return [Case(str(case.pop("name")), _bytes(case), case) for case in table["case"]]


def verdicts() -> list[Case]:
    """Every case of accept, reject and free, each with its `verdict`."""
    fixed = [Case(c.name, c.data, {"verdict": kind}) for kind in ("accept", "reject") for c in load(kind)]
    return fixed + load("free")


def _bytes(case: dict[str, object]) -> bytes:
    for key in ("line", "data"):
        if key in case:
            return str(case.pop(key)).encode()
    if "hex" in case:
        return bytes.fromhex(str(case.pop("hex")))
    parts = case.pop("repeat")
    assert isinstance(parts, list)
    return b"".join(text.encode() * times for text, times in parts)
