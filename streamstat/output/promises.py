"""Promises among the rows of NDJSON: how far rows have come, for whoever reads them as events."""

import numpy as np

from streamstat.values.columns import ColumnType, ResultField, Rows, integers

WATERMARK = "watermark"  # the field that tells a promise from a row


def promise_rows(time: int) -> Rows:
    """A promise as a row of its own: no later one begins before this time."""
    return Rows((ResultField(WATERMARK, ColumnType.TIME),), (integers(np.array([time])),))
