"""Where bytes come from: the contract of a source, the one way to end a wait, and what an input is.

A source gives bytes in order and knows nothing of lines or of what is in them. Begin with `Source` below; `file`,
`stdin` and `memory` are three of them, `detecting` finds out what bytes are packed in, and `inputs` makes inputs of
arguments.
"""

import os
import select
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from streamstat.input.sources.marks import Mark


class Source(Protocol):
    """Bytes in order. Waiting is a call of its own, so that what is there already is used first."""

    @property
    def bytes_read(self) -> int:
        """Bytes as stored: before decompression."""

    def read_now(self, target: memoryview) -> int | None:
        """Fill the start of `target`; the number of bytes, 0 at the end, None if nothing is there yet.

        Raises OSError, or ReadWriteError where the source itself can say what is wrong.
        """

    def wait(self) -> None:
        """Return once `read_now` has something to say; raise Stopped as soon as the stop is asked for."""

    def close(self) -> None:
        """Give back what is held."""


class Stopped(Exception):
    """The wait was ended by `Stop.ask`."""


class Stop:
    """A request to end at a line, made from a signal handler or another thread; ends a wait at once.

    >>> stop = Stop()
    >>> stop.ask()
    >>> stop.asked
    True
    >>> stop.close()
    """

    def __init__(self) -> None:
        self.asked = False
        # Reentrant: a signal handler may run inside `close` of the same thread.
        self._lock = threading.RLock()
        self._reader, self._writer = os.pipe()
        self._open = True

    def ask(self) -> None:
        """Ask for the stop; any thread, any number of times."""
        with self._lock:
            if self.asked:
                return
            self.asked = True  # before the wait ends, as whoever waited looks at it next
            if self._open:
                os.write(self._writer, b"!")

    def wait_for(self, descriptor: int) -> None:
        """Wait until the descriptor can be read, or its other end is gone; raises Stopped."""
        waiting = select.poll()
        waiting.register(self._reader, select.POLLIN)
        waiting.register(descriptor, select.POLLIN | select.POLLHUP)
        if any(found == self._reader for found, _ in waiting.poll()):
            raise Stopped

    def wait_for_any(self, descriptors: Sequence[int], seconds: float) -> None:
        """Wait until one of the descriptors can be read, so many seconds at most; less if the stop is asked for."""
        waiting = select.poll()
        for descriptor in (self._reader, *descriptors):
            waiting.register(descriptor, select.POLLIN)
        waiting.poll(seconds * 1000)

    def close(self) -> None:
        """Close the pipe behind the waits; `ask` stays allowed and only sets the mark."""
        with self._lock:
            if self._open:
                self._open = False
                os.close(self._reader)
                os.close(self._writer)


Wait: TypeAlias = Callable[
    [Stop, Sequence[int], float], None
]  # for one of the descriptors, so many seconds at most


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name in messages, how to open it, and the (device, inode) that tells repetitions.

    mark: where reading begins; bytes before it are skipped. growing: more will be written, so a last line without
    its newline is left unread. fresh: nothing of it was ever read, so that nothing is known of its times. log: which
    one it is a part of; where a part cannot be had (`open` gives None), those behind it wait. size: bytes as stored, if
    there is an end that is known. stream: which of several streams it belongs to.
    """

    name: str
    open: Callable[[Stop], Source | None]
    identity: tuple[int, int] | None = None
    mark: Mark = Mark()  # noqa: RUF009  (a tuple)
    growing: bool = False
    fresh: bool = True
    log: int | None = None
    size: int | None = None
    stream: int = 0
