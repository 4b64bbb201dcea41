"""What a run could make nothing of, though nothing failed: fields that are not there, conditions without an answer.

Each part of it is shown the blocks behind their way through the engine, and tells at the end; it decides nothing.
What it tells depends on the events and their order alone. Begin with `notices`, which has all of them.
"""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from streamstat.common.errors import InputError
from streamstat.common.record import record
from streamstat.input.decoding import WHOLE, Within
from streamstat.input.events import Events, decode_bytes, decoder_of, padded
from streamstat.input.formats import Format, format_from_record, format_record
from streamstat.kernels import TimeReader
from streamstat.values.columns import I64, Need


@record
class Note:
    """One thing that a person should know. `option`: what it is about; `ends_strict`: a strict run ends with it."""

    option: str
    problem: str
    hint: str = ""
    ends_strict: bool = False

    def __str__(self) -> str:
        return f"{self.problem}; {self.hint}" if self.hint else self.problem

    @property
    def error(self) -> InputError:
        """What a strict run ends with."""
        return InputError(self.option, self.problem, self.hint)


@record
class EventRecord:
    """The bytes of the record that an event stands in, which of its events it is, and how they are read."""

    format: Format
    content: bytes
    row: int = 0
    within: Within = WHOLE

    def decoded(self, needs: Mapping[str, Need], times: TimeReader | None = None) -> Events:
        """All events of the record."""
        decoder = decoder_of(self.format, needs, times or TimeReader(), self.within)
        return decode_bytes(decoder, self.content)

    def names(self) -> list[str]:
        """The names of the event's fields, those at its top level."""
        return decoder_of(self.format, {}, within=self.within).names(padded(self.content), row=self.row)

    def as_record(self) -> list[Any]:
        """As JSON can hold it, without what the job says."""
        return [format_record(self.format), base64.b64encode(self.content).decode(), self.row]

    @classmethod
    def from_record(cls, record: list[Any], within: Within) -> "EventRecord":
        """From what `as_record` gave."""
        kept, content, row = record
        format = format_from_record(kept)
        assert format is not None
        return cls(format, base64.b64decode(content), row, within)


@record
class Sight:
    """A block as notes look at it. `place`: where the event of a row stands, FILE:LINE."""

    format: Format
    events: Events
    place: Callable[[int], str]

    def rows(self, promise: str | None) -> I64:
        """The rows that are events: a line with the field `promise` is none."""
        if promise is None:
            return np.arange(self.events.rows)
        return np.flatnonzero(~self.events.present(promise))

    def record(self, row: int) -> EventRecord:
        """The record of a row."""
        return EventRecord(self.format, *self.events.around(row), self.events.within)
