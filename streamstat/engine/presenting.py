"""Open windows with their present values, for those who watch: nothing that is published changes by looking."""

from typing import Any

from streamstat.engine.shaping import Shaping
from streamstat.engine.store import Store
from streamstat.engine.strategy import Present, Shows
from streamstat.plan.job import Job


def presented(
    strategy: Any, job: Job, store: Store, shaping: Shaping, watermark: int, most: int
) -> Present | None:
    """The rows of open windows as they would be published now, the last `most` of them; None where there are no such.

    Of too many they are as the windows have them: what takes all rows of a window is left out.
    """
    if not isinstance(strategy, Shows):
        return None
    with store.unheard():
        found = strategy.present(watermark, most)
    if job.shape.needs_windows and not found.is_all:
        return found
    apart = Shaping(job)  # the notes of the other are of rows that come
    apart.completeness = shaping.completeness
    return Present(apart.shaped(found.rows), found.is_all)
