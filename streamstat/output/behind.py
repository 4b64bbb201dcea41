"""Rows on their way to a report in a thread of its own, while the next ones are made."""

from collections.abc import Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

from streamstat.output.sinks import Sink
from streamstat.values.columns import ResultField, Rows

_MOST_BEHIND = 2


class BehindSink:
    """Hands rows on to another sink, at most two batches behind; what that one raises comes with a later call.

    For sinks whose writes end by themselves, as those to files do: `discard` waits for the one that is under way.
    It may come from a signal handler in the middle of any call, which is why there is no lock but those of SimpleQueue.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._rows: SimpleQueue[Rows | None] = SimpleQueue()
        self._room: SimpleQueue[None] = SimpleQueue()
        self._ended: SimpleQueue[None] = SimpleQueue()
        self._thread: Thread | None = None
        self._error: Exception | None = None
        self._given_up = self._over = False

    def open(self, fields: tuple[ResultField, ...]) -> None:
        self._sink.open(fields)

    def write(self, rows: Rows) -> None:
        self._raise()
        if self._thread is None:
            self._begin()
        self._room.get()
        self._rows.put(rows)

    def commit(self, metadata: Mapping[str, str]) -> None:
        thread = self._thread
        self._end()
        if thread is not None:
            thread.join()
        self._raise()
        self._sink.commit(metadata)

    def discard(self) -> None:
        self._given_up = True
        self._end()
        self._sink.discard()

    def _begin(self) -> None:
        for _ in range(_MOST_BEHIND):
            self._room.put(None)
        thread = Thread(target=self._write_all, name="report", daemon=True)
        thread.start()
        self._thread = thread  # not before: what has not begun would be waited for

    def _end(self) -> None:
        """Wait for the last write; neither joining nor taking a token would do if a signal came in the middle of it."""
        if self._thread is not None:
            self._rows.put(None)
            while not self._over:
                with suppress(Empty):
                    self._ended.get(timeout=0.1)
            self._thread = None

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _write_all(self) -> None:
        while (rows := self._rows.get()) is not None:
            if self._error is None and not self._given_up:
                try:
                    self._sink.write(rows)
                except Exception as error:  # raised again by the thread that makes the rows
                    self._error = error
            self._room.put(None)
        self._over = True
        self._ended.put(None)
