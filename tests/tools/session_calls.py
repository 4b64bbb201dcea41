"""The session kernel called with plain lists."""

import numpy as np
import numpy.typing as npt

from streamstat.kernels import Sessions
from tools.session_twin import MINUS_INFINITY, Admitted, Row


def admit(sessions: Sessions, rows: list[Row], begin: int = 0) -> Admitted:
    keys = np.array([row[0] for row in rows], np.int32)
    times = np.array([row[1] for row in rows], np.int64)
    before = np.array([row[2] for row in rows], np.int64)
    take = np.array([row[3] for row in rows], np.uint8)
    end, slots, late, into, source = sessions.admit(keys, times, before, take, begin)
    return Admitted(end, slots.tolist(), late.tolist(), into.tolist(), source.tolist())


def admit_times(sessions: Sessions, times: list[int], watermark: int = MINUS_INFINITY) -> Admitted:
    return admit(sessions, [(0, time, watermark, True) for time in times])


def live(sessions: Sessions) -> list[tuple[int, int, int, int]]:
    slots = sessions.live()
    return list(zip(slots.tolist(), *(column.tolist() for column in sessions.at(slots)), strict=True))


def slots_of(*slots: int) -> npt.NDArray[np.int32]:
    return np.array(slots, np.int32)
