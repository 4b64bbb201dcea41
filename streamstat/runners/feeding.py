"""What feeds an engine: it looks for what the first events tell, unless runs before this one have found it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from streamstat.engine.engine import Engine
from streamstat.input.blocks.reader import Reader
from streamstat.plan.job import Job
from streamstat.runners.feeder import Feeder
from streamstat.runners.found import FirstLook
from streamstat.runners.time_search import TimeSearch

if TYPE_CHECKING:
    from streamstat.runners.progress import Progress


def feeder_of(
    engine: Engine, reader: Reader, seen: int, threads: int, stream_of: Callable[[int], int]
) -> Feeder:
    """A feeder of an engine as it stands. seen: events that former runs have looked at for the time; stream_of: which
    stream an input is of."""
    job = engine.job
    searches: dict[int, FirstLook] = {}
    for number, stream in enumerate(job.each_stream):
        if stream.finds_changes:
            searches[number] = _changes_search(stream)
        elif not stream.names_time and (stream.may_lack_time or not stream.takes_undated):
            searches[number] = TimeSearch(stream, seen)
    return Feeder(reader, job, searches, threads, stream_of, _progress(job) if job.streams else None)


# Only views and joins need these, and a run starts without what it does not need.
def _changes_search(job: Job) -> FirstLook:
    from streamstat.runners.changes_search import ChangesSearch

    return ChangesSearch(job)


def _progress(job: Job) -> "Progress":
    from streamstat.runners.progress import Progress

    return Progress(job)
