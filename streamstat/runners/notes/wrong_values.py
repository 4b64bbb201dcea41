"""`bad_values` by the call that could not use them, with the first one."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from streamstat.common.errors import InputError
from streamstat.engine.strategy import READING, UNREADABLE_PROMISE, Examined
from streamstat.plan.job import Job
from streamstat.runners.notes import EventRecord, Note, Sight
from streamstat.runners.notes.showing import field_in, shown_value, value_of
from streamstat.runners.notes.spellings import in_expression, reading_of
from streamstat.runners.notes.walking import readings_of
from streamstat.values.columns import I64, Kind

LENIENT = "without --strict it is counted in bad_values"
CallKey = tuple[str, str | None]  # argument and condition, or READING and the call that reads


class WrongCount:
    """How many values a call could not use; where the first one stands, what it is, and how it is written."""

    def __init__(self, place: str, words: str, kind: Kind, text: str) -> None:
        self.place, self.words, self.kind, self.text = place, words, kind, text
        self.count = 0


class WrongValues:
    """Counts by call, and by field."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._found: dict[CallKey, WrongCount] = {}
        self.first = ""  # where the first of any call stands

    def look(self, sight: Sight, examined: Examined) -> None:
        """Those of a block."""
        found = list(self._of_block(examined))
        for call, rows in found:
            self._add(call, sum(map(len, rows.values())), partial(self._first, sight, examined, rows))
        if found and not self.first:
            self.first = sight.place(min(int(each[0]) for _, rows in found for each in rows.values()))

    def _of_block(self, examined: Examined) -> Iterator[tuple[CallKey, dict[str, I64]]]:
        """The rows of each call, by field."""
        if len(examined.promises):
            yield UNREADABLE_PROMISE, {str(self._job.punctuation): examined.promises}
        for name, mask in examined.columns.unread_values.items():
            if len(rows := np.flatnonzero(mask)):
                yield (READING, name), {next(iter(readings_of(self._job)[name]), name): rows}
        for call, by_field in examined.columns.wrong_values.items():
            found = {name: np.flatnonzero(mask) for name, mask in by_field.items() if mask.any()}
            if found:
                yield call, found

    def _add(self, call: CallKey, count: int, first: Callable[[], WrongCount]) -> None:
        if call not in self._found:
            self._found[call] = first()
        self._found[call].count += count

    def _first(self, sight: Sight, examined: Examined, rows: dict[str, I64]) -> WrongCount:
        name = min(rows, key=lambda each: int(rows[each][0]))
        row = int(rows[name][0])
        arguments = [each for measure in self._job.measures for each in measure.arguments]
        for argument in arguments:  # a field, or an argument that is computed
            if argument.field is None and argument.text == name:
                found = value_of(examined.columns.evaluate(argument), row)
                return WrongCount(sight.place(row), name, *found)
        return WrongCount(sight.place(row), in_expression(name), *field_in(sight.record(row), name))

    def told(self) -> dict[str, Any]:
        """What is known by now, as JSON can hold it."""
        calls = [
            [*call, each.count, each.place, each.words, each.kind, each.text]
            for call, each in self._found.items()
        ]
        return {"calls": calls, "first": self.first}

    def absorb(self, told: Mapping[str, Any]) -> None:
        """The events behind those that were looked at, as somebody else has told of them."""
        self.first = self.first or told["first"]
        for argument, condition, count, place, words, kind, text in told["calls"]:
            first = partial(WrongCount, place, words, Kind(kind), text)
            self._add((argument, condition), count, first)

    def notes(self) -> Iterator[Note]:
        """One for each call, in the order in which calls were given."""
        for call in [*_calls(self._job), UNREADABLE_PROMISE]:
            if (one := self._found.get(call)) is not None:
                words = _words(self._job, call)
                value = shown_value(one.kind, one.text)
                problem = f"{words}: {one.count:,} bad_values, first {one.place} with {value}"
                yield Note("--agg", problem, wrong_hint(one.words, one.kind, one.text))


def wrong_hint(words: str, kind: Kind, text: str) -> str:
    """What reads such a value as a number, if anything does."""
    return reading_of(words, text) if kind == Kind.TEXT else ""


def wrong_error(job: Job, event: EventRecord, place: str, call: CallKey) -> InputError:
    """What a strict run ends with at a value that a call cannot use."""
    words = _words(job, call)
    if call == UNREADABLE_PROMISE:
        value = shown_value(*field_in(event, str(job.punctuation)))
        return InputError(place, f"{words}: {value} cannot be read as a time", LENIENT)
    for path in _fields(job, call):
        kind, text = field_in(event, path)
        if kind >= Kind.TEXT:
            problem = f"{words}: {path} is {shown_value(kind, text)}, which is no number"
            return InputError(place, problem, wrong_hint(in_expression(path), kind, text) or LENIENT)
    return InputError(place, f"{words}: a value that gives no number", LENIENT)


def _fields(job: Job, call: CallKey) -> list[str]:
    """What a call reads."""
    argument, condition = call
    if argument == READING:
        return readings_of(job)[str(condition)]
    arguments = (each for measure in job.measures for each in measure.numbers)
    return [path for each in arguments if each.text == argument for path in each.fields]


def _calls(job: Job) -> list[CallKey]:
    found: dict[CallKey, None] = {}
    for measure in job.measures:
        condition = None if measure.condition is None else measure.condition.text
        found.update({(each.text, condition): None for each in measure.numbers})
    return [*found, *((READING, text) for text in readings_of(job))]


def _words(job: Job, call: CallKey) -> str:
    """The calls with this argument and condition, as they were written."""
    if call == UNREADABLE_PROMISE:
        return f"--punctuation {job.punctuation}"
    if call[0] == READING:
        return str(call[1])
    return ", ".join(
        dict.fromkeys(
            measure.text
            for measure in job.measures
            if any(each.text == call[0] for each in measure.numbers)
            and (None if measure.condition is None else measure.condition.text) == call[1]
        )
    )
