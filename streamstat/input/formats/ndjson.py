"""JSON, an object a line: what its native decoder is told, and what messages say of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from streamstat.common.record import record
from streamstat.input.formats import BYTE_ORDER_MARK, TIME_UNITS, Events, padded
from streamstat.kernels import FAULTS, DecodePool, Decoder, DecodeTask
from streamstat.values.columns import U8, Need


@record
class Ndjson:
    """The format of JSON objects, one a line.

    >>> Ndjson().names(b'{"ts": 1, "status": 200}')
    ['ts', 'status']
    """

    noun: ClassVar[str] = "a JSON object"
    hint: ClassVar[str] = (
        'a line is one JSON object, for example {"ts": "2026-01-01T00:00:00Z", "status": 200}'
    )

    def begin(self, block: U8) -> int:
        """Behind a byte order mark."""
        mark = len(BYTE_ORDER_MARK)
        return mark if block[:mark].tobytes() == BYTE_ORDER_MARK else 0

    def decoder(
        self, needs: Mapping[str, Need], time_unit: str = "auto", time_format: str = ""
    ) -> "JsonDecoder":
        """What decodes fields by their paths; ValueError also for a path with too many dots."""
        return JsonDecoder(needs, time_unit, time_format)

    def first_names(self, block: U8, begin: int, promise: str | None) -> list[str] | None:
        """The names at the top level of the first event."""
        needs = {} if promise is None else {promise: Need.PRESENT}
        events = JsonDecoder(needs).decode(block.copy(), begin)
        row = events.first_without(promise)
        return None if row is None else self.names(events.lines_of(np.array([row]))[0])

    def names(self, line: bytes) -> list[str]:
        """The names at the top level."""
        return field_names(padded(line))


@dataclass(frozen=True, slots=True)
class JsonDecoder:
    """Which fields to decode, what of each, and how to read times; `native` does it."""

    needs: Mapping[str, Need]
    time_unit: str = "auto"
    time_format: str = ""
    index: dict[str, int] = field(init=False, repr=False)
    native: Decoder = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {path: i for i, path in enumerate(self.needs)})
        fields = [(path, int(need)) for path, need in self.needs.items()]
        unit = TIME_UNITS.index(self.time_unit)
        object.__setattr__(self, "native", Decoder(fields, unit, self.time_format))

    @property
    def reasons(self) -> tuple[str, ...]:
        """The words of the native decoder."""
        return FAULTS

    def decode(self, block: U8, begin: int = 0) -> Events:
        """See `BlockDecoder.decode`."""
        return Events(self, block, begin, self.native.decode(block, begin))

    def decode_ahead(self, pool: DecodePool, block: U8, begin: int = 0) -> "JsonDecoding":
        """See `BlockDecoder.decode_ahead`."""
        return JsonDecoding(self, pool, block, begin)


class JsonDecoding:
    """A block that is being decoded, or will be once it is waited for.

    >>> decoding = JsonDecoder({"a": Need.NUMBER}).decode_ahead(DecodePool(1), padded(b'{"a": 7}'))
    >>> decoding.result().numbers("a").tolist()
    [7]
    """

    __slots__ = ("_begin", "_block", "_decoder", "_task")

    def __init__(self, decoder: JsonDecoder, pool: DecodePool, block: U8, begin: int) -> None:
        self._decoder, self._block, self._begin = decoder, block, begin
        self._task = DecodeTask(pool, decoder.native, block, begin)

    def result(self) -> Events:
        """The events, once; raises what decoding raised."""
        return Events(self._decoder, self._block, self._begin, self._task.result())


def field_names(block: U8, begin: int = 0) -> list[str]:
    """Names at the top level of the first valid line."""
    return [name.decode() for name in Decoder([]).names(block, begin)]
