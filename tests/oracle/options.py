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
    sketches: bool = False

    @classmethod
    def from_command(cls, arguments: Sequence[str]) -> "Options":
        """The options of a command line without inputs; only those that can change a result are known."""
        options, lists = cls(), {"by": list[str](), "agg": list[str]()}
        words = iter(arguments)
        for word in words:
            name = _SHORT.get(word, word.removeprefix("--").replace("-", "_"))
            if name not in cls.__dataclass_fields__:
                raise ValueError(f"unknown option {word!r}")
            if name in ("fill", "sketches"):
                options = replace(options, **{name: True})  # type: ignore[arg-type]
            elif name in lists:
                lists[name].append(next(words))
            else:
                options = replace(options, **{name: next(words)})  # type: ignore[arg-type]
        return replace(options, by=lists["by"], agg=lists["agg"] or ["count()"])

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
