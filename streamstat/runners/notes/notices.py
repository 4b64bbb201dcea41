"""All notes of a run: each part is shown the blocks, and asked at the end."""

from collections.abc import Iterator, Mapping
from typing import Any

from streamstat.common.errors import InputError
from streamstat.engine.strategy import Examined, Halted
from streamstat.plan.job import Job, with_time
from streamstat.runners.notes import Note, Sight
from streamstat.runners.notes.absent import AbsentFields
from streamstat.runners.notes.bad_changes import BadChanges
from streamstat.runners.notes.conditions import Unanswered
from streamstat.runners.notes.left_out import LeftOut
from streamstat.runners.notes.undated import UndatedEvents, undated_error
from streamstat.runners.notes.wrong_values import WrongValues, wrong_error
from streamstat.runners.places import STRICT_HINT


class Notices:
    """What is noticed of a run's own events, in the order of input.

    ends: all of the input is read; else what was left out so far says
    nothing of what is to come.
    """

    def __init__(self, job: Job, ends: bool) -> None:
        self._job, self._ends = job, ends
        self._absent, self._unanswered = AbsentFields(job), Unanswered(job)
        self._wrong, self._undated, self._left_out = WrongValues(job), UndatedEvents(), LeftOut(job)
        self._bad_changes = BadChanges()

    def look(self, sight: Sight, examined: Examined) -> None:
        """A block behind its way through the engine."""
        if self._absent.unseen:
            self._absent.look(sight)
        if self._unanswered.open:
            self._unanswered.look(sight, examined)
        if len(examined.undated):
            self._undated.look(sight, examined, self._job)
        self._left_out.look(sight, examined)
        self._bad_changes.look(sight, examined)
        self._wrong.look(sight, examined)

    @property
    def _parts(self) -> dict[str, Any]:
        """Those that can tell what they know of a part of the events, and absorb what is known of the next one."""
        parts = {"absent": self._absent, "unanswered": self._unanswered, "wrong": self._wrong}
        return parts | {"undated": self._undated, "left_out": self._left_out}

    def told(self) -> dict[str, Any]:
        """What is known by now, as JSON can hold it."""
        return {name: each.told() for name, each in self._parts.items()}

    def absorb(self, told: Mapping[str, Any]) -> None:
        """The law: looking at events and then at others tells what absorbing tells of the others."""
        for name, each in self._parts.items():
            each.absorb(told[name])

    def tell_time(self, path: str) -> None:
        """Event time is in this field."""
        self._job = with_time(self._job, path)

    def halt(self, sight: Sight, halted: Halted) -> InputError:
        """What a strict run ends with at an event."""
        event, place = sight.record(halted.row), sight.place(halted.row)
        if halted.reason:
            return InputError(place, halted.reason, STRICT_HINT)
        if halted.call is None:
            return undated_error(self._job, event, place)
        return wrong_error(self._job, event, place, halted.call)

    @property
    def first_places(self) -> dict[str, str]:
        """Where the first event without a time stands, and the first value that no call could use."""
        found = {"no_time": self._undated.first, "bad_values": self._wrong.first}
        return {name: place for name, place in found.items() if place}

    @property
    def in_doubt(self) -> bool:
        """Whether a strict run would end with an error if it ended here."""
        return bool(self._absent.found or self._unanswered.found)

    def notes(self) -> Iterator[Note]:
        """All of them: what is not there, what had no answer, what was left out, and what was lost."""
        yield from self._absent.notes()
        yield from self._unanswered.notes(self._absent.found)
        if self._ends:
            yield from self._left_out.notes()
        yield from self._bad_changes.notes()
        yield from self._wrong.notes()
        yield from self._undated.notes(self._job)
