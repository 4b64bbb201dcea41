"""`session:GAP`: the events of one group that are at most a gap apart, the gap included."""

from typing import ClassVar

from streamstat.common.record import record
from streamstat.common.units import parse_duration
from streamstat.windows import Placement


@record
class Session:
    """Sessions [first event, last event + gap]; an event can extend one at either end, and join two."""

    gap_us: int
    one_size: ClassVar[bool] = False
    shape: ClassVar[str] = "sessions"
    edges: ClassVar[None] = None

    @classmethod
    def parse(cls, text: str, placement: Placement) -> "Session":
        return cls(parse_duration(text))
