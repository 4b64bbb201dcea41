"""The notes of all reports of a run, or of all streams of its one report, each told once: with the name of the report,
or the stream, if it is not so of all."""

from collections.abc import Iterator, Sequence
from typing import Any

from streamstat.common.errors import InputError
from streamstat.engine.strategy import Examined, Halted
from streamstat.plan.job import Job
from streamstat.runners.notes import Note, Sight
from streamstat.runners.notes.notices import Notices


class ReportNotices:
    """What is noticed for each report, or stream; ends as `Notices` has it."""

    def __init__(self, job: Job, ends: bool) -> None:
        self._has_streams = bool(job.streams)
        self._jobs = job.streams or job.reports
        self._notices = [Notices(each, ends) for each in self._jobs]

    def look(self, sight: Sight, examined: Examined) -> None:
        """A block behind its way through a report."""
        self._notices[examined.stream if self._has_streams else examined.of].look(sight, examined)

    def told(self) -> list[Any]:
        """Of each what is known by now, as JSON can hold it."""
        return [notices.told() for notices in self._notices]

    def absorb(self, told: Sequence[Any]) -> None:
        """What is known of the events behind those that were looked at."""
        for notices, known in zip(self._notices, told, strict=True):
            notices.absorb(known)

    def tell_time(self, path: str, stream: int) -> None:
        """Event time is in this field."""
        for notices in (self._notices[stream],) if self._has_streams else self._notices:
            notices.tell_time(path)

    def halt(self, sight: Sight, halted: Halted, stream: int) -> InputError:
        """What a strict run ends with at an event of a stream."""
        number = stream if self._has_streams else halted.of
        error = self._notices[number].halt(sight, halted)
        if halted.call is None:  # an event without a time, which is the same to all reports
            return error
        return InputError(error.place, with_report(self._jobs[number], error.problem), error.hint)

    @property
    def in_doubt(self) -> bool:
        """Whether a strict run would end with an error if it ended here."""
        if self._has_streams:
            return any(note.ends_strict for note in self.notes())
        return any(notices.in_doubt for notices in self._notices)

    @property
    def first_places(self) -> list[dict[str, str]]:
        """Of each report, where the first event without a time stands, and the first value that no call could use."""
        places = [notices.first_places for notices in self._notices]
        if not self._has_streams:
            return places
        return [{name: place for each in reversed(places) for name, place in each.items()}]

    def notes(self) -> Iterator[Note]:
        """All of them."""
        by_report = [list(notices.notes()) for notices in self._notices]
        all_say = set(map(str, by_report[0])).intersection(*(map(str, notes) for notes in by_report))
        told: set[str] = set()
        for job, notes in zip(self._jobs, by_report, strict=True):
            for note in notes:
                if self._has_streams and note.option == "--where" and str(note) not in all_say:
                    continue  # it looks at the events of all streams, and is of some
                problem = note.problem if str(note) in all_say else with_report(job, note.problem)
                named_note = Note(note.option, problem, note.hint, note.ends_strict)
                if str(named_note) not in told:
                    told.add(str(named_note))
                    yield named_note


def with_report(job: Job, said: str) -> str:
    """What is said of a report, with its name if it has one."""
    return f"{job.name}: {said}" if job.name else said
