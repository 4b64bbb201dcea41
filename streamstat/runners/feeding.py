"""What feeds an engine: it looks for what the first events tell, unless runs before this one have found it."""

from collections.abc import Callable

from streamstat.engine.engine import Engine
from streamstat.input.blocks.reader import Reader
from streamstat.runners.changes_search import ChangesSearch
from streamstat.runners.feeder import Feeder
from streamstat.runners.time_search import TimeSearch


def feeder_of(
    engine: Engine, reader: Reader, seen: int, threads: int, stream_of: Callable[[int], int]
) -> Feeder:
    """A feeder of an engine as it stands. seen: events that former runs have looked at for the time; stream_of: which
    stream an input is of."""
    job = engine.job
    searches: dict[int, TimeSearch | ChangesSearch] = {}
    for number, stream in enumerate(job.each_stream):
        if stream.finds_changes:
            searches[number] = ChangesSearch(stream)
        elif not (stream.names_time or stream.takes_undated):
            searches[number] = TimeSearch(stream, seen)
    return Feeder(reader, job, searches, threads, stream_of)
