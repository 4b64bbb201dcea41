"""Which rows of a block a report is of, among those that have a time."""

import numpy as np

from streamstat.engine.columns import Columns
from streamstat.engine.triage import Sieve, Triage
from streamstat.plan.job import Job
from streamstat.values.columns import Mask


def chosen_rows(job: Job, columns: Columns, triage: Triage) -> tuple[Mask | None, Sieve]:
    """The rows that `--where` is asked for (None: all), and those that the report is of."""
    sieve = triage.dated.copy()
    if job.since_us is not None:
        sieve.remove(triage.times < job.since_us)
    if job.until_us is not None:
        sieve.remove(triage.times >= job.until_us)
    asked = sieve.left
    if job.where is not None:
        sieve.remove(~columns.condition(job.where))
    if job.among:
        sieve.remove(~np.logical_or.reduce([columns.condition(each) for each in job.among]))
    return asked, sieve
