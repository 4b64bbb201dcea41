"""The changelog of events: the row of an entity as it is behind each of them."""

import numpy as np

from streamstat.engine.sourcing.entities import Entities
from streamstat.engine.sourcing.rows import EntityRows
from streamstat.engine.sourcing.walking import Commands, Leg, Walk
from streamstat.plan.job import Job
from streamstat.values.columns import Kind, Mask, Rows, Texts, Values, concatenate_rows, integers, take_rows

KINDS = Texts(np.array([0, 6, 12], np.int64), np.frombuffer(b"insertupdate", np.uint8))


class EventChangelog:
    """Rows of changes: time, kind, key, columns."""

    def __init__(self, job: Job, rows: EntityRows, widest: int) -> None:
        self._rows, self._walk = rows, Walk(job.measures, widest)

    def of(self, entities: Entities, events: Commands) -> Rows | None:
        """What events change, in input order; none of them is there yet."""
        found: list[Rows] = []
        places: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []

        def see(leg: Leg) -> Mask:
            keys, times = events.keys[leg.places], events.times[leg.places]
            front = (integers(times), _kinds(leg.known))
            found.append(self._rows.of_changes(leg.states, leg.behind, keys, front))
            places.append(leg.places)
            return np.ones(len(leg.places), np.bool_)

        self._walk.walk(entities, events, np.ones(len(events.rows), np.bool_), see)
        if not found:
            return None
        return take_rows(concatenate_rows(found), np.argsort(np.concatenate(places), kind="stable"))


def _kinds(known: Mask) -> Values:
    """insert or update."""
    n = len(known)
    offsets = np.arange(n + 1, dtype=np.int64) * 6
    words = KINDS.data.reshape(2, 6)[known.astype(np.int64)].reshape(-1)
    return Values(np.full(n, Kind.TEXT, np.uint8), np.zeros(n, np.int64), Texts(offsets, words))
