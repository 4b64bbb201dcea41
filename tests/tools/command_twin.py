"""Commands one by one: what `--check` decides, written as it is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]
Row = Mapping[str, Any]
Check = Callable[[Event, Row | None], bool | None]


@dataclass
class CommandTwin:
    """fold: what a row is of the events of an entity, oldest input first. checks: by name, in order."""

    fold: Callable[[Sequence[Event]], Row]
    checks: Mapping[str, Check]
    events: dict[Any, list[Event]] = field(default_factory=dict)
    accepted: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def take(self, number: int, command: Event) -> None:
        """The next command."""
        known = self.events.get(command["k"], [])
        state = self.fold(known) if known else None
        failed = next(
            (name for name, check in self.checks.items() if check(command, state) is not True), None
        )
        if failed is not None:
            self.refused.append((number, failed))
            return
        self.accepted.append(number)
        self.events.setdefault(command["k"], []).append(command)

    @property
    def rows(self) -> dict[Any, Row]:
        """The row of each entity that has one."""
        return {key: self.fold(events) for key, events in self.events.items()}
