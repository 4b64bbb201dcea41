"""The `[report.NAME]` tables of a configuration file, as they stand there."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from streamstat.common.errors import ConfigError
from streamstat.common.units import shown
from streamstat.plan.options import options_of
from streamstat.plan.own_options import OF_VERBS

TABLE_EXAMPLE = "for example [report.errors]"
REPORT_PREFIX = "report."
REPORT_NAME = re.compile(r"[\w][\w.-]{0,63}")


def tables_of(tables: Any, config: str) -> dict[str, dict[str, Any]]:
    """The options of each report, keys with `_`; ConfigError for what is no such table.

    >>> tables_of({"errors": {"max-groups": 9}}, "views.toml")
    {'errors': {'max_groups': 9}}
    """
    if (
        not isinstance(tables, Mapping)
        or not tables
        or not all(isinstance(each, Mapping) for each in tables.values())
    ):
        raise ConfigError(f"{config}: report", "is no table of a report", TABLE_EXAMPLE)
    for name in tables:
        if REPORT_NAME.fullmatch(name) is None:
            problem = f"{shown(name)} is no name of at most 64 letters, digits and _ - ."
            raise ConfigError(f"{config}: report", problem, TABLE_EXAMPLE)
    return {
        name: {key.replace("-", "_"): value for key, value in table.items()} for name, table in tables.items()
    }


def check_own(tables: Mapping[str, Mapping[str, Any]], shared: Collection[str], config: str) -> None:
    """ConfigError for an option of the whole run that stands in the table of a report."""
    for name, table in tables.items():
        for key in (key for key in table if key in shared):
            problem = f"{key} is of the whole run"
            raise ConfigError(f"{config}: report.{name}", problem, "write it above the first [report.NAME]")


def key_of_report(name: str, key: str) -> str:
    """What an option of a report is called beside those of the whole run; that of a plain run has no name.

    >>> key_of_report("errors", "window"), key_of_report("", "window")
    ('report.errors.window', 'window')
    """
    return f"{REPORT_PREFIX}{name}.{key}" if name else key


def split_reports(options: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The options of each report among those of a run, `""` for what has none: what `key_of_report` has joined.

    >>> split_reports({"delay": "1m", "report.a.b.window": "all"})
    {'': {'delay': '1m'}, 'a.b': {'window': 'all'}}
    """
    found: dict[str, dict[str, Any]] = {"": {}}
    for key, value in options.items():
        name, _, own = (
            key.removeprefix(REPORT_PREFIX).rpartition(".")
            if key.startswith(REPORT_PREFIX)
            else ("", "", key)
        )
        found.setdefault(name, {})[own] = value
    return found


def option_name(key: str) -> str:
    """An option as messages name it; what is given by place is called as `--help` calls it.

    >>> option_name("max_groups"), option_name("report.errors.max_groups"), option_name("pattern")
    ('--max-groups', 'report.errors.max_groups', 'PATTERN')
    """
    arguments = {each.holder: each.value for each in options_of(*OF_VERBS.values()) if each.is_argument}
    return (
        arguments[key]
        if key in arguments
        else key
        if key.startswith(REPORT_PREFIX)
        else "--" + key.replace("_", "-")
    )
