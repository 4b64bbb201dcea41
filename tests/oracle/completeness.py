"""What `--completeness` says of a row: of all that has been heard by the time at which it is published."""

from dataclasses import dataclass, field

from .aggregates import order_of
from .bounds import Bounds
from .lines import Value
from .times import INFINITY

MOST_SILENT = 100


@dataclass
class Completeness:
    """Everything that producers have said, in order. `names_producers`: rows say who has said something."""

    wanted: bool
    names_producers: bool
    bounds: Bounds
    reached: int | float = -INFINITY  # W before the end of input
    said: list[tuple[Value, int]] = field(default_factory=list)

    def hear(self, producer: Value, time: int) -> None:
        self.said.append((producer, time))

    def cells(self, start: int, end: int, last: int | float, inclusive: bool) -> dict[str, object]:
        """The columns of a row; it fires when W reaches `last`, or passes it if `inclusive`."""
        if not self.wanted:
            return {}
        final = self.reached > last if inclusive else self.reached >= last
        if not self.names_producers:
            return {"final": final}
        known = {producer for producer, _ in self.said}
        times = [(producer, time) for producer, time in self.said if self.bounds.hold(time)]
        heard = {
            producer
            for producer, time in times
            if last == INFINITY or start <= time < end or (inclusive and time == end)
        }
        silent = sorted(known - heard, key=order_of)[:MOST_SILENT]
        return {"final": final, "producers": len(heard), "silent": silent}
