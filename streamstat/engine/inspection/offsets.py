"""The clocks of devices, as far as sent and received times tell: how far each is off, and what `--offset-by` gives."""

from typing import Any

import numpy as np

from streamstat import kernels
from streamstat.engine.columns import Columns
from streamstat.event_time.clock import Clock
from streamstat.event_time.devices import DeviceClocks
from streamstat.event_time.fields import TimeField, TimeSource
from streamstat.input.events import Events
from streamstat.values.columns import I64, Kind, Mask, Texts

QUANTILES = ((1, 100), (1, 2), (99, 100))
WORST_TOLD = 5
MOST_DEVICES = 100_000
EACH, BY_DEVICE = 0, 1  # slots


class ClockOffsets:
    """Received - sent of each event that has both, and by device, where the clock names the field that tells it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._spread = kernels.HdrStates()
        self._spread.resize(2)
        self._least = self._greatest = np.empty(0, np.int64)  # of each device
        self._events = np.empty(0, np.int64)
        self._names = kernels.KeyTable()
        self._devices = DeviceClocks()
        self.known = 0

    def add(self, columns: Columns, left: Mask | None) -> None:
        """A block; `left` are its events (None: all)."""
        sent, received = (self._field(columns, path) for path in (self.clock.sent, self.clock.received))
        both = sent.known & received.known if left is None else sent.known & received.known & left
        offsets = received.times - sent.times
        self.known += int(np.count_nonzero(both))
        self._note(EACH, offsets, both)
        device = self.clock.device
        if device is not None:
            occurred = self._field(columns, self.clock.time[0])
            of_device = self._devices.offsets(columns.events, device, occurred, sent, received)
            self._note(BY_DEVICE, of_device, both)
            self._of_devices(columns.events, device, offsets, both)

    @staticmethod
    def _field(columns: Columns, source: TimeSource | None) -> TimeField:
        """The times of a field; of what is computed there are none."""
        assert columns.times is not None
        if isinstance(source, str):
            return TimeField(*columns.times.of_field(source), None)
        n = columns.events.rows
        return TimeField(np.zeros(n, np.int64), np.zeros(n, np.bool_), None)

    def _note(self, slot: int, offsets: I64, among: Mask) -> None:
        slots = np.where(among, np.int32(slot), np.int32(-1))
        self._spread.update(slots, np.full(len(offsets), Kind.INTEGER, np.uint8), offsets)

    def _of_devices(self, events: Events, device: str, offsets: I64, among: Mask) -> None:
        kinds, texts = events.dictionary(device)
        names = self._names.intern(kinds, texts.offsets, texts.data)
        codes = names[events.codes(device)]
        among = among & (codes < MOST_DEVICES)
        more = min(len(self._names), MOST_DEVICES) - len(self._events)
        far = np.iinfo(np.int64)
        self._events = np.concatenate((self._events, np.zeros(more, np.int64)))
        self._least = np.concatenate((self._least, np.full(more, far.max)))
        self._greatest = np.concatenate((self._greatest, np.full(more, far.min)))
        codes, offsets = codes[among], offsets[among]
        self._events += np.bincount(codes, minlength=len(self._events))
        np.minimum.at(self._least, codes, offsets)
        np.maximum.at(self._greatest, codes, offsets)

    def told(self) -> dict[str, Any]:
        """What is known by now."""
        told: dict[str, Any] = {"events": self.known, "offset_s": self._quantiles(EACH)}
        if self.clock.device is None:
            return told
        told |= {"device": self.clock.device, "offset_by_device_s": self._quantiles(BY_DEVICE)}
        known = np.flatnonzero(self._events)
        worst = known[np.argsort(-np.abs(self._least[known]), kind="stable")][:WORST_TOLD]
        texts = Texts(*self._names.texts(worst.astype(np.int32)))
        told["devices"] = len(known)
        told["worst_devices"] = [
            {
                "device": texts[i].decode("utf-8", "replace"),
                "events": int(self._events[at]),
                "least_offset_s": int(self._least[at]) / 1e6,
                "greatest_offset_s": int(self._greatest[at]) / 1e6,
            }
            for i, at in enumerate(worst.tolist())
        ]
        return told

    def _quantiles(self, slot: int) -> dict[str, float | None]:
        slots = np.array([slot], np.int32)
        found = {f"p{100 * n // d}": self._spread.quantile(slots, n, d) for n, d in QUANTILES}
        return {
            name: None if kinds[0] == Kind.NULL else values[0] / 1e6
            for name, (kinds, values) in found.items()
        }
