"""The options of a run in the spelling of the command line, and the reader of a command line."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Options:
    """One field an option, as text; None where the option is not given.

    >>> Options.from_command(["-w", "all", "--by", "country,path", "--fill"]).by
    ['country,path']
    """

    window: str = "tumbling:1m"
    by: list[str] = field(default_factory=list)
    agg: list[str] = field(default_factory=lambda: ["count()"])
    where: str | None = None
    since: str | None = None
    until: str | None = None
    unique: list[str] = field(default_factory=list)
    unique_for: str | None = None
    share: list[str] = field(default_factory=list)
    column: list[str] = field(default_factory=list)
    having: str | None = None
    order: list[str] = field(default_factory=list)
    limit: str | None = None
    time: str | None = None
    sent: str | None = None
    received: str | None = None
    offset_by: str | None = None
    earliest: str | None = None
    year: str | None = None
    time_unit: str = "auto"
    time_format: str | None = None
    input_timezone: str = "UTC"
    timezone: str = "UTC"
    origin: str | None = None
    delay: str | None = None
    producer: str | None = None
    idle: str | None = None
    punctuation: str | None = None
    max_ahead: str | None = None
    late: str = "drop"
    allowed_lateness: str | None = None
    max_groups: str | None = None
    fill: bool = False
    completeness: bool = False
    sketches: bool = False
    promises: bool = False
    now: str | None = None  # the clock; None: nothing may ask for it

    @classmethod
    def from_command(cls, arguments: Sequence[str]) -> "Options":
        """The options of a command line without inputs; only those that can change a result are known."""
        options, lists = cls(), {name: list[str]() for name in _LISTS}
        words = iter(arguments)
        for word in words:
            name = _SHORT.get(word, word.removeprefix("--").replace("-", "_"))
            if name not in cls.__dataclass_fields__:
                raise ValueError(f"unknown option {word!r}")
            if name in ("fill", "completeness", "sketches", "promises"):
                options = replace(options, **{name: True})  # type: ignore[arg-type]
            elif name in lists:
                lists[name].append(next(words))
            else:
                options = replace(options, **{name: next(words)})  # type: ignore[arg-type]
        given = {name: values for name, values in lists.items() if values}
        return replace(options, **given)  # type: ignore[arg-type]

    def to_command(self) -> list[str]:
        """The command line that gives these options, without inputs."""
        words: list[str] = []
        for name, default in vars(Options()).items():
            value = getattr(self, name)
            option = "--" + name.replace("_", "-")
            if value == default:
                continue
            if value is True:
                words.append(option)
            elif isinstance(value, list):
                words += [word for item in value for word in (option, item)]
            else:
                words += [option, value]
        return words


_SHORT = {"-w": "window", "-b": "by", "-a": "agg", "-t": "time"}
_LISTS = ("by", "agg", "unique", "share", "column", "order")
