"""What tasks tell beside their pieces, put together in the order of input: the ledger, notes, and what failed.

It travels as data: what Spark counts by itself would count twice if a task is run again. A task does not know which
line of its file it begins with, so it names a stand-in, and the driver puts file and line in its place.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, TypeAlias

from streamstat.common import errors
from streamstat.common.errors import StreamstatError
from streamstat.common.record import record
from streamstat.engine.ledger import Ledger
from streamstat.runners import BadPlace
from streamstat.runners.spark.splits import Split

STAND_IN = "spark-range"
_FIRST = "max_lateness_us", "watermark"  # figures that do not add up


HEADING, BAD, LOST = "heading", "bad", "lost"
LostLine: TypeAlias = tuple[str, bytes]  # one of these, and the line


@record
class PartFinding:
    """What one task tells. lines: of its range; earliest, newest: of its events that have a time, None of none.

    is_over: all that could be read was taken in, though `failure` may say what could not. lost: bad lines, all lost
    ones, and the headings that they stand under, in their order, if somebody keeps them.
    """

    ledger: Ledger
    lines: int
    extent: tuple[int, int] | None
    bad: list[BadPlace]
    future: list[BadPlace]
    lost: list[LostLine]
    notices: list[Any]
    fruitless: dict[str, Any]
    holes: list[Any]
    failure: StreamstatError | None
    is_over: bool

    def written(self) -> str:
        """As JSON."""
        places = {name: [each.as_record() for each in getattr(self, name)] for name in ("bad", "future")}
        plain = {name: getattr(self, name) for name in _PLAIN}
        ledger = {each.name: getattr(self.ledger, each.name) for each in fields(Ledger)}
        failure = None if self.failure is None else _failure_record(self.failure)
        lost = [[fate, base64.b64encode(line).decode()] for fate, line in self.lost]
        return json.dumps({**plain, **places, "ledger": ledger, "failure": failure, "lost": lost})

    @classmethod
    def read(cls, text: str) -> "PartFinding":
        """From what `written` gave."""
        told = json.loads(text)
        for name in ("bad", "future"):
            told[name] = [BadPlace.from_record(each) for each in told[name]]
        told["lost"] = [(fate, base64.b64decode(line)) for fate, line in told["lost"]]
        failure = None if told["failure"] is None else _failure(told["failure"])
        extent = None if told["extent"] is None else tuple(told["extent"])
        return cls(**{**told, "ledger": Ledger(**told["ledger"]), "failure": failure, "extent": extent})


_PLAIN = ("lines", "extent", "notices", "fruitless", "holes", "is_over")


def stand_in(number: int, run: str) -> str:
    """What a task calls its input: nothing else is called so, as `run` is a random text."""
    return f"{STAND_IN}-{run}-{number}"


def read_findings(
    texts: Mapping[int, str], splits: Sequence[Split], names: Sequence[str], run: str
) -> list[PartFinding]:
    """What all tasks tell, in their order; places are those of the inputs, by their names."""
    lines_before = _lines_before([json.loads(texts[part])["lines"] for part in range(len(splits))], splits)
    pattern = re.compile(rf"{STAND_IN}-{run}-([0-9]+)(?: from byte [0-9]+)?(?::([0-9]+))?")

    def place(found: re.Match[str]) -> str:
        part = int(found[1])
        name = json.dumps(names[splits[part].input])[1:-1]
        return name if found[2] is None else f"{name}:{int(found[2]) + lines_before[part]}"

    return [PartFinding.read(pattern.sub(place, texts[part])) for part in range(len(splits))]


def _lines_before(lines: Sequence[int], splits: Sequence[Split]) -> list[int]:
    """How many lines of its input stand before each split."""
    found, before, last = [], 0, -1
    for split, n in zip(splits, lines, strict=True):
        before = before if split.input == last else 0
        found.append(before)
        before, last = before + n, split.input
    return found


def add_up(ledger: Ledger, findings: Sequence[PartFinding], splits: Sequence[Split]) -> None:
    """The ledger of the whole, of which no event was late: of each input the first parts came first."""
    newest: dict[int, int] = {}
    for found, split in zip(findings, splits, strict=True):
        for name, value in asdict(found.ledger).items():
            if isinstance(value, int) and not isinstance(value, bool) and name not in _FIRST:
                setattr(ledger, name, getattr(ledger, name) + value)
        lateness = found.ledger.max_lateness_us
        if found.extent is not None:
            earliest, last = found.extent
            before = newest.get(split.input, earliest)
            lateness = max(lateness, before - earliest)
            newest[split.input] = max(before, last)
        ledger.max_lateness_us = max(ledger.max_lateness_us, lateness)


def _failure_record(error: StreamstatError) -> list[str]:
    return [type(error).__name__, error.place, error.problem, error.hint]


def _failure(told: Sequence[str]) -> StreamstatError:
    kind: type[StreamstatError] = getattr(errors, told[0])
    return kind(*told[1:])
