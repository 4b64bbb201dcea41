"""Reading descriptors straight into the caller's buffer: regular files, and all that can keep us waiting."""

import contextlib
import fcntl
import os
import select
import stat

from streamstat.input.sources import Source, Stop
from streamstat.input.sources.marks import TAIL_BYTES, Mark

PIPE_BYTES = 1 << 20  # what Linux lets anyone ask for


def source_of_descriptor(descriptor: int, stop: Stop, *, owned: bool) -> Source:
    """The source that reads this descriptor; closes it at the end if `owned`."""
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return RegularSource(descriptor, owned)
    return PipeSource(descriptor, stop, owned)


class RegularSource:
    """A regular file, read to the end it has by then; never mapped, as a truncated one would kill us."""

    def __init__(self, descriptor: int, owned: bool) -> None:
        self.bytes_read = 0
        self._descriptor, self._owned = descriptor, owned
        if hasattr(os, "posix_fadvise"):
            # Only advice: some file systems have none to take.
            with contextlib.suppress(OSError):
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)

    def read_now(self, target: memoryview) -> int | None:
        n = os.readv(self._descriptor, [target])
        self.bytes_read += n
        return n

    def seek(self, position: int) -> None:
        """Go on from this byte; those that were read before do not count."""
        self.bytes_read = os.lseek(self._descriptor, position, os.SEEK_SET) - position

    def wait(self) -> None:
        return

    def close(self) -> None:
        if self._owned:
            os.close(self._descriptor)


class SteadySource(RegularSource):
    """A log from a mark on; it ends where somebody truncates it and writes it anew while it is read.

    What was read just before is looked at again behind each read: if it is no more there, the bytes behind it are of
    another content, and are not given.
    """

    def __init__(self, descriptor: int, mark: Mark, owned: bool = True) -> None:
        super().__init__(descriptor, owned)
        self._mark, self._tail, self._at = mark, b"", 0

    def seek(self, position: int) -> None:
        super().seek(position)
        self._tail, self._at = self._mark.tail if position == self._mark.position else b"", position

    def read_now(self, target: memoryview) -> int | None:
        n = super().read_now(target) or 0
        if not self._goes_on(target[:n]):
            self.bytes_read -= n
            return 0
        self._at += n
        self._tail = (self._tail + bytes(target[max(0, n - TAIL_BYTES) : n]))[-TAIL_BYTES:]
        return n

    def _goes_on(self, piece: memoryview) -> bool:
        """Whether these bytes stand behind those that were read before."""
        head = self._mark.head[self._at : self._at + len(piece)]
        before = os.pread(self._descriptor, len(self._tail), self._at - len(self._tail))
        return piece[: len(head)] == head and before == self._tail


def log_source(descriptor: int, mark: Mark, *, packed: bool, owned: bool = True) -> RegularSource:
    """A log to be read from a mark on; a compressed one has no bytes by which its reader would know them again."""
    return RegularSource(descriptor, owned) if packed else SteadySource(descriptor, mark, owned)


class PipeSource:
    """A pipe, FIFO, socket or terminal: gives what is there, waits only in `wait`."""

    def __init__(self, descriptor: int, stop: Stop, owned: bool) -> None:
        self.bytes_read = 0
        self._descriptor, self._stop, self._owned = descriptor, stop, owned
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN | select.POLLHUP)
        self._waited = False
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            # A larger pipe gives larger blocks when the writer is faster; refused for what is no pipe.
            with contextlib.suppress(OSError):
                if fcntl.fcntl(descriptor, fcntl.F_GETPIPE_SZ) < PIPE_BYTES:
                    fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)

    @property
    def descriptor(self) -> int:
        """What to wait for."""
        return self._descriptor

    def read_now(self, target: memoryview) -> int | None:
        if not self._waited and not self._poll.poll(0):
            return None
        self._waited = False
        try:
            n = os.readv(self._descriptor, [target])
        except BlockingIOError:  # another reader of the same pipe was faster
            return None
        self.bytes_read += n
        return n

    def wait(self) -> None:
        self._stop.wait_for(self._descriptor)
        self._waited = True

    def close(self) -> None:
        if self._owned:
            os.close(self._descriptor)
