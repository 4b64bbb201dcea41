"""The watermark kernel called with plain rows."""

import numpy as np

from streamstat.kernels import Watermark
from tools.watermark_twin import Row


def advance(watermark: Watermark, rows: list[Row], single: bool = False) -> list[int]:
    times = np.array([row[0] for row in rows], np.int64)
    producers = None if single else np.array([row[1] for row in rows], np.int32)
    roles = np.array([row[2] for row in rows], np.uint8)
    return [int(before) for before in watermark.advance(times, producers, roles)]
