"""Whether a run asks for what its state was begun with: the same verb and reports, with the same options."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from streamstat.common.errors import StateError
from streamstat.common.terminal import printable
from streamstat.plan.report_tables import option_name, split_reports

_ANEW = "a new --state and new names for its reports"
_ANEW_ALONE = f"use {_ANEW}"
_SAME = f"use the same options as before, or {_ANEW}"
_SAME_FILE = f"use their configuration file again (-c FILE), or {_ANEW}"


def check_plan(stored: Mapping[str, Any], wanted: Mapping[str, Any], path: Path) -> None:
    """StateError naming the first option that is not as when the state was begun."""
    now: dict[str, Any] = json.loads(json.dumps(wanted))
    _check_verb(verb_of(stored), verb_of(now), path)
    _check_reports(list(filter(None, split_reports(stored))), list(filter(None, split_reports(now))), path)
    for name in dict.fromkeys([*now, *stored]):  # an option may have gone
        value, before = now.get(name), stored.get(name)
        if before != value and (_is_given(before) or _is_given(value)):
            option = option_name(name)
            problem = f"is {_shown(value)}" if _is_given(value) else "is not given"
            then = (
                "without it"
                if not _is_given(before)
                else "with it"
                if before is True
                else f"with {_shown(before)}"
            )
            problem += f", but {printable(path)} was begun {then}"
            raise StateError(option, problem, _SAME)


def verb_of(plan: Mapping[str, Any]) -> str:
    """The verb that a plan is of.

    >>> verb_of({"verb": "match"}), verb_of({})
    ('match', 'run')
    """
    return str(plan.get("verb", "run"))


def _check_verb(stored: str, now: str, path: Path) -> None:
    """StateError for another verb: its options say less than that."""
    if stored != now:
        problem = f"{printable(path)} was begun by streamstat {stored}, but this is streamstat {now}"
        raise StateError("--state", problem, _ANEW_ALONE)


def _check_reports(stored: Sequence[str], now: Sequence[str], path: Path) -> None:
    """StateError for other reports than those that the state was begun with; a plain run has none with a name."""
    if set(stored) == set(now):
        return
    problem = f"{printable(path)} holds {_named(stored)}, but this run has {_named(now)}"
    raise StateError("--state", problem, _SAME_FILE if stored else _SAME)


def _named(reports: Sequence[str]) -> str:
    """Reports by their names.

    >>> _named([]), _named(["hours"]), _named(["hours", "users"])
    ('one report without a name', 'the report hours', 'the reports hours, users')
    """
    if not reports:
        return "one report without a name"
    return f"the report{'s' if len(reports) > 1 else ''} {', '.join(reports)}"


def _is_given(value: Any) -> bool:
    """Whether an option says anything: what is there only by default reads as if it were not."""
    return value not in (None, False, "", [])


def _shown(value: Any) -> str:
    """As a person gives it; of a flag nothing but that it is there."""
    if value is True:
        return "given"
    return printable(", ".join(map(str, value)) if isinstance(value, list) else str(value), 80)
