"""What a verb has understood of a plan: its part of the job, and of each stream where there are several."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from streamstat.common.record import record
from streamstat.expressions import Expression
from streamstat.plan.asked import Asked
from streamstat.plan.job import Group, Kept, Measure, RowShape
from streamstat.states import State
from streamstat.values.columns import Need, ResultField


@dataclass(frozen=True)
class Meant:
    """The part of a job that one verb has to itself: see `Job`."""

    kept: Kept
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    late: str = "drop"
    lateness_us: int = 0
    max_groups: int | None = None
    shape: RowShape = RowShape()  # noqa: RUF009  (immutable)
    fill: bool = False
    sketches: bool = False
    states: bool = False
    row_states: tuple[tuple[str, State], ...] = ()
    columns: tuple[ResultField, ...] | None = None
    asked: tuple[Asked, ...] = ()
    wanted: Mapping[str, Need] = field(default_factory=dict)
    written: bool = False
    noted: bool = False
    changes: str | None = None
    stores_queries: bool = False
    takes_undated: bool = False
    may_lack_time: bool = False
    counts_changes: bool = False
    tells_changes: bool = False
    replaces: bool = False
    finds_changes: bool = False
    times: tuple[str, ...] = ()  # the fields that hold the time, where none is named
    as_of: str | None = None  # the time behind which all is left out
    among: tuple[Expression, ...] = ()
    streams: "tuple[StreamPart, ...]" = ()


@record
class StreamPart:
    """What one of several streams has to itself: its name, its time, and what is looked at of its events.

    time: as `--time` has it, none where it is to be found. See `Job` for all else.
    """

    name: str
    time: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    asked: tuple[Asked, ...] = ()
    wanted: Mapping[str, Need] = {}
    written: bool = False
