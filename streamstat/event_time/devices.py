"""How far the clock of each device is off, by what it has sent so far."""

import numpy as np

from streamstat import kernels
from streamstat.event_time.fields import TimeField
from streamstat.input.events import Events
from streamstat.values.columns import I64


class DeviceClocks:
    """Of each device the least of received - sent within an hour: what transit and batching add to it cancels out."""

    def __init__(self) -> None:
        self._kernel = kernels.DeviceOffsets()

    def offsets(
        self, events: Events, device: str, occurred: TimeField, sent: TimeField, received: TimeField
    ) -> I64:
        """The offset of each row, in microseconds, int64[n]; of no meaning where sent or received is not known."""
        among = sent.known & received.known
        jumped = occurred.known & among & (sent.times < occurred.times)
        masks = among.view(np.uint8), jumped.view(np.uint8)
        offsets = received.times - sent.times
        return self._kernel.least(
            events.hashes(device), events.kinds(device), received.times, offsets, *masks
        )

    def snapshot(self) -> bytes:
        """What is remembered of each device."""
        return self._kernel.snapshot()

    def restore(self, snapshot: bytes, /) -> None:
        """As it was."""
        self._kernel.restore(snapshot)
