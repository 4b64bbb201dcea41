"""`sliding:SIZE`: a trailing window for each group and event time t, [t - SIZE, t], both ends included."""

from typing import ClassVar

from streamstat.common.record import record
from streamstat.common.units import parse_duration
from streamstat.windows import Placement


@record
class Sliding:
    """For each distinct event time of a group, the events of the time before it; fires when the watermark passes it."""

    size_us: int
    one_size: ClassVar[bool] = True
    shape: ClassVar[str] = "trailing"
    edges: ClassVar[None] = None

    @classmethod
    def parse(cls, text: str, placement: Placement) -> "Sliding":
        return cls(parse_duration(text))
