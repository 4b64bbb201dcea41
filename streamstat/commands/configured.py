"""What was typed, on top of what a configuration file says, as settings."""

from collections.abc import Mapping
from typing import Any

from streamstat.commands.settings import ReportSettings, Settings
from streamstat.commands.verbs import Verb
from streamstat.common.errors import ConfigError, UsageError
from streamstat.plan.options import Option, options_of
from streamstat.plan.plan import Plan
from streamstat.plan.report_tables import check_own, tables_of


def settings(verb: Verb, given: Mapping[str, Any], config: str | None) -> Settings:
    """Options as given, by the fields that hold them, on top of those of a TOML file."""
    options, tables = ({}, {}) if config is None else _configured(verb, config)
    given = _by_place(verb, given, options)
    ours = [each for each in verb.options if each.holder in options and each.holder not in given]
    configured = frozenset(each.key for each in ours)
    if tables:
        _check_beside(given, options, config, next(iter(tables)))
    options = verb.prepared({**options, **given})
    if options.get("follow") or "state" in options:
        options.setdefault("delay", "10s")
    plan, rest = _split(verb, options)
    for each in options_of(Settings):
        if each.holder in rest:
            _check_bounds(each, rest[each.holder], config)
    reports = tuple(
        _report(verb, name, table, plan, f"{config}: report.{name}") for name, table in tables.items()
    )
    return Settings(plan=verb.plan(plan), config=config, configured=configured, tables=reports, **rest)


def _by_place(verb: Verb, given: Mapping[str, Any], options: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is given by place. Where the file has what comes first, such as a pattern, all words are inputs."""
    first = next((each for each in verb.options if each.is_required), None)
    if first is None or (first.holder in given) != (first.holder in options):
        return given
    if first.holder not in given:
        raise UsageError(first.value, "is missing", f"for example {verb.examples[0]}")
    rest = {name: value for name, value in given.items() if name != first.holder}
    return {**rest, "inputs": [given[first.holder], *given.get("inputs", ())]}


def _split(verb: Verb, options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The options of a plan, and all others; those that may be given more than once are tuples."""
    others = {each.holder for each in options_of(Settings)} | {"streams"}
    plan = {name: value for name, value in options.items() if name not in others}
    rest = {name: value for name, value in options.items() if name in others}
    for name in ("inputs", "output", "type", "conf"):
        if name in rest:
            rest[name] = (rest[name],) if isinstance(rest[name], str) else tuple(rest[name])
    return plan, rest


def _report(
    verb: Verb, name: str, table: Mapping[str, Any], top: Mapping[str, Any], place: str
) -> ReportSettings:
    """A report of its own options and of those that stand at the top."""
    plan, rest = _split(verb, table)
    for each in options_of(Plan, Settings):
        if each.holder in table:
            _check_bounds(each, table[each.holder], place)
    return ReportSettings(name=name, plan=verb.plan({**top, **plan}), **rest)


def _configured(verb: Verb, config: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Options of a configuration file, by the fields that hold them; and those of its reports, by name."""
    from streamstat.plan.toml import checked, read_toml

    known = [each for each in verb.options if each.is_in_files]
    of_report = [each for each in known if each.is_of_report]

    def by_holder(table: Mapping[str, Any], among: list[Option], place: str) -> dict[str, Any]:
        options = checked(table, {each.key: each.type for each in among}, place)
        return {each.holder: options[each.key] for each in among if each.key in options}

    found = read_toml(config)
    if "report" in found and verb.name != "run":
        problem = f"is of several reports, and {verb.name} gives one"
        raise ConfigError(f"{config}: report", problem, "streamstat run takes them")
    tables = tables_of(found.pop("report"), config) if "report" in found else {}
    check_own(tables, [each.key for each in known if not each.is_of_report], config)
    of_each = {name: by_holder(own, of_report, f"{config}: report.{name}") for name, own in tables.items()}
    return by_holder(found, known, config), of_each


def _check_beside(
    given: Mapping[str, Any], options: Mapping[str, Any], config: str | None, report: str
) -> None:
    """UsageError for what each report has for itself, where it stands for all of them."""
    for each in options_of(Plan, Settings):
        if each.is_of_report and (each.holder in given or each.holder in options):
            place = each.flags[0] if each.holder in given else f"{config}: {each.key}"
            hint = f"write {each.key} = ... below [report.{report}]"
            raise UsageError(place, "each report has its own", hint)


def _check_bounds(one: Option, value: int | None, config: str | None) -> None:
    if value is None or one.least is None or (value >= one.least and (one.most is None or value <= one.most)):
        return
    bounds = f"below {one.least}" if one.most is None else f"not {one.least} to {one.most}"
    example = one.default if one.default.isdigit() else "2"
    place = config or f"--{one.name}"
    raise ConfigError(place, f"{one.key} is {bounds}", f"for example {one.key} = {example}")
