"""What pipes and standard streams are like, asked of the system."""

import fcntl
import os
import select
import stat
from pathlib import Path


def is_broken_pipe(descriptor: int) -> bool:
    """Whether what is written there is read by nobody."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(events & select.POLLERR for _, events in poll.poll(0))


def is_writable(descriptor: int) -> bool:
    """Whether it is open, and not for reading alone; what is written may fail all the same.

    >>> is_writable(os.open(os.devnull, os.O_RDONLY)), is_writable(os.open(os.devnull, os.O_WRONLY))
    (False, True)
    """
    try:
        mode = fcntl.fcntl(descriptor, fcntl.F_GETFL) & (os.O_RDONLY | os.O_WRONLY | os.O_RDWR)
    except OSError:
        return False
    return mode != os.O_RDONLY


def is_pipe(name: str) -> bool:
    """Whether an input of this name may keep its reader waiting."""
    try:
        mode = os.fstat(0).st_mode if name == "-" else Path(name).stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISCHR(mode)
