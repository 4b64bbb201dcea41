"""What pipes and standard streams are like, asked of the system."""

import os
import select
import stat
from pathlib import Path


def is_broken_pipe(descriptor: int) -> bool:
    """Whether what is written there is read by nobody."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(events & select.POLLERR for _, events in poll.poll(0))


def is_pipe(name: str) -> bool:
    """Whether an input of this name may keep its reader waiting."""
    try:
        mode = os.fstat(0).st_mode if name == "-" else Path(name).stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISCHR(mode)
