"""What feeds an engine: it looks for what the first events tell, unless runs before this one have found it."""

from streamstat.engine.engine import Engine
from streamstat.input.blocks.reader import Reader
from streamstat.runners.changes_search import ChangesSearch
from streamstat.runners.feeder import Feeder
from streamstat.runners.time_search import TimeSearch


def feeder_of(engine: Engine, reader: Reader, seen: int, find_time: bool, threads: int) -> Feeder:
    """A feeder of an engine as it stands. find_time: the field of the time is not named. seen: events that former runs
    have looked at for it."""
    job = engine.job
    search: ChangesSearch | TimeSearch | None = None
    if job.finds_changes:
        search = ChangesSearch(job)
    elif find_time:
        search = TimeSearch(job, seen)
    return Feeder(reader, job, search, threads)
