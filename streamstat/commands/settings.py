"""What a command line and a configuration file say, beside the plan: where from, where to, and how to run."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from streamstat.common.errors import ConfigError, UsageError
from streamstat.common.units import parse_duration
from streamstat.input.sources.compressed import MAX_EXPANSION
from streamstat.plan.measures import attempt
from streamstat.plan.plan import Plan
from streamstat.plan.toml import checked, read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything of a command line that does not decide the result."""

    inputs: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    stdout_format: str | None = None
    late_file: str | None = None
    bad_file: str | None = None
    stats: str | None = None
    strict: bool = False
    csv_raw: bool = False
    follow: bool = False
    idle_flush: str | None = None
    max_expansion: int = MAX_EXPANSION
    threads: int = 0
    quiet: bool = False
    type: tuple[str, ...] = ()
    state: str | None = None
    commit_every: str | None = None
    flush: bool = False
    plan: Plan = field(default_factory=Plan)
    config: str | None = None
    configured: frozenset[str] = frozenset()  # options that come from there

    @property
    def written(self) -> list[tuple[str, str]]:
        """All files that are written, each with the option that names it."""
        named = [("--output", path) for path in self.output]
        more = (("--late-file", self.late_file), ("--bad-file", self.bad_file), ("--stats", self.stats))
        return named + [(option, path) for option, path in more if path is not None]


def settings(given: Mapping[str, Any], config: str | None) -> Settings:
    """Options as given, on top of those of a TOML file."""
    known = {
        each.name.removeprefix("stdout_"): each.type
        for kind in (Settings, Plan)
        for each in fields(kind)
        if each.name not in ("plan", "config", "configured")
    }
    options: dict[str, Any] = {}
    if config is not None:
        options = checked(read_toml(config), known, config)
        if "format" in options:
            options["stdout_format"] = options.pop("format")
    configured = frozenset(options) - frozenset(given)
    options.update(given)
    names = {each.name for each in fields(Plan)}
    plan = {name: value for name, value in options.items() if name in names}
    rest = {name: value for name, value in options.items() if name not in names}
    for name in ("inputs", "output", "type"):
        value = rest.get(name, ())
        rest[name] = (value,) if isinstance(value, str) else tuple(value)
    if rest.get("follow") or "state" in rest:
        plan.setdefault("delay", "10s")
    if not 1 <= rest.get("threads", 1) <= 256:
        raise ConfigError(config or "--threads", "threads is not 1 to 256", "for example threads = 2")
    if rest.get("max_expansion", 1) < 1:
        raise ConfigError(config or "--max-expansion", "max_expansion is below 1", "for example 500")
    return Settings(plan=Plan(**plan), config=config, configured=configured, **rest)


def idle_flush_s(chosen: Settings) -> float | None:
    """Seconds of silence after which windows fire, None for never; UsageError where that means nothing."""
    if chosen.idle_flush is None:
        return None
    if not chosen.follow:
        raise UsageError("--idle-flush", "means nothing without --follow", "for example --follow app.log")
    if chosen.plan.window == "all":
        raise UsageError("--idle-flush", "the window `all` ends with the input", "for example tumbling:1m")
    return attempt("--idle-flush", parse_duration, chosen.idle_flush) / 1_000_000
