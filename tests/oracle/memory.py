"""What `--unique` remembers: the values of events that were counted, and for how long."""

from collections.abc import Sequence

from .lines import Value, lookup
from .times import INFINITY, duration
from .windows import Window


class Memory:
    """Every counted event with its values; nothing is ever dropped, only asked whether it is still known.

    Without `keeps` an event is known for as long as another of its time could be counted.
    """

    def __init__(
        self, fields: Sequence[str], keeps: str | None, window: Window, lateness: int | float
    ) -> None:
        self.fields = [name for text in fields for name in text.split(",")]
        self.keeps = None if keeps is None else duration(keeps)
        self.window, self.lateness = window, lateness
        self.counted: list[tuple[tuple[Value, ...], int]] = []

    def values(self, event: Value) -> tuple[Value, ...] | None:
        """The values as written, None where one is null or missing, or nothing is asked for."""
        values = [lookup(event, name) for name in self.fields]
        present = tuple(value for value in values if value is not None and value.kind != "null")
        return present if present and len(present) == len(values) else None

    def knows(self, values: tuple[Value, ...], watermark: int | float) -> bool:
        """Whether an event with these values was counted and is not yet forgotten."""
        return any(values == others and self._is_known(time, watermark) for others, time in self.counted)

    def add(self, values: tuple[Value, ...], time: int) -> None:
        self.counted.append((values, time))

    def _is_known(self, time: int, watermark: int | float) -> bool:
        if self.keeps is not None:
            return watermark <= time + self.keeps
        if self.window.grid is not None:
            grid = self.window.grid
            return any(watermark < grid.end(k) + self.lateness for k in grid.windows(time))
        if self.window.kind == "session":
            return watermark <= time + self.window.size + self.lateness
        return self.window.kind == "all" or self.lateness == INFINITY or time >= watermark - self.lateness
