"""Buffers that are read into, handed out with a block, and used again once the block is released."""

from collections import deque

import numpy as np

from streamstat.kernels import PADDING
from streamstat.values.columns import U8

_MOST_KEPT = 16
_LARGE_BYTES = 16 << 20


class BufferPool:
    """Buffers of one size; taking and giving back are safe from any thread."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._free: deque[U8] = deque(maxlen=_MOST_KEPT)
        keep_freed_memory()

    def take(self, at_least: int = 0) -> U8:
        """A buffer of the pool's size, or a larger one if asked for, plus the padding; not cleared."""
        if at_least <= self.size:
            try:
                return self._free.pop()
            except IndexError:
                pass
        return new_buffer(max(at_least, self.size))

    def give(self, buffer: U8) -> None:
        """Take a buffer back; one of another size is left to the garbage collector."""
        if len(buffer) == self.size + PADDING:
            self._free.append(buffer)


def keep_freed_memory() -> None:
    """Let what a block has freed be there for the next one.

    At first glibc gives freed memory of over 128 KiB back to the system, which has to clear it before it is had again:
    a fifteenth of the time of a run. A large piece that is freed raises that limit to its size (mallopt(3), under
    M_MMAP_THRESHOLD). It is never touched, so it takes no memory.
    """
    np.empty(_LARGE_BYTES, np.uint8)


def new_buffer(size: int) -> U8:
    """A buffer with its padding; pages never written take no memory, so a large one costs what is used."""
    buffer = np.empty(size + PADDING, np.uint8)
    buffer[size:] = 0
    return buffer
