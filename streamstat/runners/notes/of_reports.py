"""The notes of all reports of a run, each told once: with the name of its report if it is not so of all."""

from collections.abc import Iterator

from streamstat.common.errors import InputError
from streamstat.engine.strategy import Examined, Halted
from streamstat.plan.job import Job
from streamstat.runners.notes import Note, Sight
from streamstat.runners.notes.notices import Notices


class ReportNotices:
    """What is noticed for each report; has_time and ends as `Notices` has them."""

    def __init__(self, job: Job, has_time: bool, ends: bool) -> None:
        self._jobs = job.reports
        self._notices = [Notices(each, has_time, ends) for each in self._jobs]

    def look(self, sight: Sight, examined: Examined) -> None:
        """A block behind its way through a report."""
        self._notices[examined.of].look(sight, examined)

    def tell_time(self, path: str) -> None:
        """Event time is in this field."""
        for notices in self._notices:
            notices.tell_time(path)

    def halt(self, sight: Sight, halted: Halted) -> InputError:
        """What a strict run ends with at an event."""
        error = self._notices[halted.of].halt(sight, halted)
        if halted.call is None:  # an event without a time, which is the same to all reports
            return error
        return InputError(error.place, with_report(self._jobs[halted.of], error.problem), error.hint)

    @property
    def in_doubt(self) -> bool:
        """Whether a strict run would end with an error if it ended here."""
        return any(notices.in_doubt for notices in self._notices)

    @property
    def first_places(self) -> list[dict[str, str]]:
        """Of each report, where the first event without a time stands, and the first value that no call could use."""
        return [notices.first_places for notices in self._notices]

    def notes(self) -> Iterator[Note]:
        """All of them."""
        by_report = [list(notices.notes()) for notices in self._notices]
        all_say = set(map(str, by_report[0])).intersection(*(map(str, notes) for notes in by_report))
        told: set[str] = set()
        for job, notes in zip(self._jobs, by_report, strict=True):
            for note in notes:
                problem = note.problem if str(note) in all_say else with_report(job, note.problem)
                named_note = Note(note.option, problem, note.hint, note.ends_strict)
                if str(named_note) not in told:
                    told.add(str(named_note))
                    yield named_note


def with_report(job: Job, said: str) -> str:
    """What is said of a report, with its name if it has one."""
    return f"{job.name}: {said}" if job.name else said
