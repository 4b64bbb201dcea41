"""What the facts of a checkpoint must look like before anything is made of them: a table, key by key.

A checksum tells damage, not who wrote a file, and facts go into paths, offsets and options. A key that is new in a
record needs its line here and nothing else.
"""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from streamstat.checkpoints.shapes import (
    Shape,
    among,
    digits,
    either,
    entries,
    flag,
    number,
    optional,
    path,
    row,
    rows,
    table,
    text,
)
from streamstat.input.logs.stage import RECORDED
from streamstat.input.sources.marks import HEAD_BYTES, TAIL_BYTES
from streamstat.output.arrow import TYPES
from streamstat.plan.options import options_of
from streamstat.plan.own_options import OF_VERBS
from streamstat.plan.plan import Plan
from streamstat.plan.report_tables import key_of_report, split_reports
from streamstat.values.paths import MOST_DOTS, has_too_many_dots

LARGEST_SIZE = 2**62  # so that no sum of two sizes is beyond what a system call takes


def facts_of(data: bytes) -> dict[str, Any]:
    """The facts that these bytes hold as JSON; ValueError says which of them cannot be.

    >>> facts_of(b"[1]")
    Traceback (most recent call last):
    ValueError: its facts: expected an object
    """
    try:
        facts = json.loads(data)
    except RecursionError:
        raise ValueError("its facts: nested too deep") from None
    except ValueError:
        raise ValueError("its facts: no JSON") from None
    CHECKPOINT_FACTS(facts, "")
    found: dict[str, Any] = facts
    return found


def _option(kind: Any) -> Shape:
    """The shape of a field of a plan."""
    if kind is bool:
        return flag
    if kind == int | None:
        return optional(INT64)
    if kind == Sequence[str]:
        return rows(text)
    return text if kind is str else optional(text)


def _field(value: Any, place: str) -> None:
    text(value, place)
    if has_too_many_dots(value):
        raise ValueError(f"{place}: expected at most {MOST_DOTS} dots")


def _anything(value: Any, place: str) -> None:
    """Whatever is there is looked at in another way."""


INT64 = number(-(2**63), 2**63 - 1)
SIZE = number(0, LARGEST_SIZE)  # of anything
IDENTITY = number(0, 2**64 - 1)
DIGEST = digits(32, 32)
SCALAR = either(flag, INT64, text)

# As the format gives it, which checks it for itself.
FORMAT_SETTINGS = entries({}, others=either(rows(text), optional(SCALAR)))

# As `Tracked.as_record` gives it, and `Leftovers.as_record` of its log.
INPUT = entries(
    {
        "argument": path,
        "home": path,
        "path": path,
        "real": path,
        "device": IDENTITY,
        "inode": IDENTITY,
        "born_ns": INT64,
        "clock": number(0, 2**31 - 1),
        "size": SIZE,
        "changed_ns": INT64,
        "stray": flag,
        "packed": flag,
        "wide": flag,
        "heir": flag,
        "quiet": SIZE,
        "stage": among([stage.value for stage in RECORDED]),
        "position": SIZE,
        "head": row(number(0, HEAD_BYTES), DIGEST),
        "tail": row(number(0, TAIL_BYTES), DIGEST),
    },
    {"leftovers": rows(row(IDENTITY, INT64, SIZE)), "format": optional(row(text, FORMAT_SETTINGS))},
)

# As `prepare` of the outputs gives them: a text file that grows, a folder of parts, a file that is replaced, stdout.
DIGEST_OR_NONE = either(DIGEST, among([""]))
APPENDED = entries({"length": optional(SIZE), "tail": DIGEST_OR_NONE, "pending": flag})
PARTS = entries(
    {"part": number(0, 2**31 - 1), "size": SIZE, "types": optional(table(text, among(tuple(TYPES))))}
)
REPLACED = entries(
    {
        "version": number(0, 2**31 - 1),
        "size": SIZE,
        "digest": DIGEST_OR_NONE,
        "before": DIGEST_OR_NONE,
    }
)
OUTPUT = either(entries({}), PARTS, REPLACED, APPENDED)

WRITTEN_AS = {
    "output": rows(path),
    "late_file": optional(path),
    "bad_file": optional(path),
    "lost_file": optional(path),
    "accepted_file": optional(path),
    "refused_file": optional(path),
    "csv_raw": flag,
    "no_header": flag,
    "type": rows(text),
}


def _options_of_verb(own: Any) -> Shape:
    """What decides the result of a verb, and where it goes; verbs may call different options alike."""
    holders: tuple[Any, ...] = (Plan,) if own is None else (Plan, own)
    known = {each.name: _option(each.type) for kind in holders for each in fields(kind)}
    known["verb"] = among(("run", *OF_VERBS))
    others = either(rows(either(text, path)), optional(either(SCALAR, path)))
    return entries({}, known | WRITTEN_AS, others=others)


OPTIONS = {verb: _options_of_verb(own) for verb, own in (("run", None), *OF_VERBS.items())}


def _plan(value: Any, place: str) -> None:
    table(text, _anything)(value, place)
    verb = str(value.get("verb", "run"))
    own = OF_VERBS.get(verb)
    required = {each.holder: _anything for each in options_of(*filter(None, [own])) if each.is_required}
    entries(required, others=_anything)(value, place)
    # Those of a report have its name in front.
    for name, options in split_reports(value).items():
        OPTIONS.get(verb, OPTIONS["run"])(options, key_of_report(name, "")[:-1] if name else place)


CHECKPOINT_FACTS = entries(
    {
        "number": SIZE,
        "token": digits(1, 64),  # part of the names of hidden files
        "plan": _plan,
        "times": rows(optional(_field)),
        "inputs": rows(INPUT),
        "outputs": table(path, OUTPUT),
        "written": text,
    },
    {"ended": flag},
)
