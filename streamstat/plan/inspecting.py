"""What `inspect` asks for: the values of all fields, and the time in every field that may hold one."""

from typing import ClassVar

from streamstat.common.record import record
from streamstat.common.zones import Zone
from streamstat.plan.clocks import TIME_FIELDS, optional_field, time_sources
from streamstat.plan.meant import Meant
from streamstat.plan.plan import Plan
from streamstat.values.columns import Need

# What fields are usually called.
SENT_NAMES = ("sent_at", "sent", "sentAt", "sent_time")
RECEIVED_NAMES = ("received_at", "received", "receivedAt", "received_time", "ingested_at")
PRODUCER_NAMES = (
    "producer",
    "device_id",
    "device",
    "host",
    "hostname",
    "pod",
    "instance",
    "container",
    "server",
)


@record
class Inspected:
    """What is kept of a stream that is looked at: nothing.

    times: fields that may hold one. producers: fields that may name who has sent an event, where none is named.
    """

    times: tuple[str, ...]
    producers: tuple[str, ...]
    shape: ClassVar[str] = "inspection"

    @property
    def one_size(self) -> bool:
        """There are no windows."""
        return True


def inspected(plan: Plan, zone: Zone) -> Meant:
    """The part of a job that is of looking at it."""
    named = [source for source in time_sources(plan) if isinstance(source, str)]
    ends = [optional_field("--sent", plan.sent), optional_field("--received", plan.received)]
    times = tuple(
        dict.fromkeys(
            (*named, *(path for path in ends if path is not None), *TIME_FIELDS, *SENT_NAMES, *RECEIVED_NAMES)
        )
    )
    wanted: dict[str, Need] = dict.fromkeys(times, Need.TIME)
    producer, device = (
        optional_field("--producer", plan.producer),
        optional_field("--offset-by", plan.offset_by),
    )
    for path in PRODUCER_NAMES if producer is None else (producer,):
        wanted[path] = wanted.get(path, Need.NOTHING) | Need.HASH | Need.TEXT
    if device is not None:
        wanted[device] = wanted.get(device, Need.NOTHING) | Need.CODE
    return Meant(
        kept=Inspected(times, PRODUCER_NAMES),
        columns=(),
        wanted=wanted,
        noted=True,
        takes_undated=True,
        may_lack_time=True,
    )
