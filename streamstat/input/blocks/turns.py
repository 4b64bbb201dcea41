"""Inputs of several streams, read in turns so that none runs far ahead of the others.

Each stream is read by a thread of its own, a block or two ahead: a pipe that has nothing must not keep those waiting
whose writer waits until another one is read. Which stream is next decides how much has to be held until the others have
come as far, and nothing else.
"""

import queue
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import TypeAlias

from streamstat.input.blocks.items import InputBegins, Item, StreamEnds
from streamstat.input.blocks.reader import Reader
from streamstat.input.sources import Input

FIRST_WAIT_S, LONGEST_WAIT_S = 0.05, 10.0  # for the stream whose turn it is; doubled each time it was in vain
LaneStep: TypeAlias = Item | BaseException | None
OpenStream: TypeAlias = Callable[[int], Reader]  # what reads the inputs of one stream


class TurnReader(Reader):
    """Reads the inputs of several streams, each in its order. `open_stream`: what reads those of one."""

    def __init__(self, inputs: Sequence[Input], streams: int, open_stream: OpenStream) -> None:
        super().__init__()
        self._wait_s = FIRST_WAIT_S
        self._lanes = [_Lane(number, inputs, open_stream(number)) for number in range(streams)]

    @property
    def bytes_read(self) -> int:
        """Bytes read so far, as stored, of all streams."""
        return sum(lane.reader.bytes_read for lane in self._lanes)

    @property
    def stopped(self) -> bool:
        """Whether the stop was asked for."""
        return any(lane.reader.stopped for lane in self._lanes)

    def stop(self) -> None:
        """End all of them at a line."""
        for lane in self._lanes:
            lane.reader.stop()

    def close(self) -> None:
        """Close what is open; for the thread that iterates."""
        self.stop()
        super().close()
        for lane in self._lanes:
            lane.close()

    def _read_all(self) -> Generator[Item, None, None]:
        for lane in self._lanes:
            lane.start()
        going = list(self._lanes)
        while going:
            lane = self._next_of(going)
            step = lane.next()
            if isinstance(step, BaseException):
                raise step
            if step is not None:
                yield step
                continue
            going.remove(lane)
            if not lane.reader.stopped:
                yield StreamEnds(lane.number)
        self.read_through = all(lane.reader.read_through for lane in self._lanes)
        self.others_to_come = any(lane.reader.others_to_come for lane in self._lanes)

    def _next_of(self, going: "list[_Lane]") -> "_Lane":
        """The lane that has the next step. One whose turn it is not comes first where nothing comes for long."""
        while True:
            lane = next((each for each in going if each.number == self.preferred), going[0])
            if lane.has_step_within(self._wait_s if len(going) > 1 else None):
                self._wait_s = FIRST_WAIT_S
                return lane
            self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
            others = (each for each in going if each is not lane and each.may_block_a_writer)
            other = next((each for each in others if each.has_step_within(0.0)), None)
            if other is not None:
                return other


class _Lane:
    """One stream, read by a thread of its own."""

    def __init__(self, number: int, inputs: Sequence[Input], reader: Reader) -> None:
        self.number, self.reader, self._inputs = number, reader, inputs
        self._steps: queue.Queue[LaneStep] = queue.Queue()
        self._taken: list[LaneStep] = []  # the next step, once it was waited for
        self._room = threading.Semaphore(1)  # for one step, so that no more than a block waits
        self._thread = threading.Thread(target=self._read, name=f"read {number}", daemon=True)
        self._closed = False
        self._input: int | None = None  # of which the next block will be

    @property
    def may_block_a_writer(self) -> bool:
        """Whether somebody may be writing to it who waits until it is read: it is no file."""
        return self._input is None or self._inputs[self._input].size is None

    def start(self) -> None:
        self._thread.start()

    def has_step_within(self, wait_s: float | None) -> bool:
        """Whether there is a step within so many seconds (None: for ever)."""
        if not self._taken:
            with suppress(queue.Empty):
                self._taken.append(self._steps.get(wait_s != 0, wait_s))
        return bool(self._taken)

    def next(self) -> LaneStep:
        """The next step, which is there; None at the end."""
        step = self._taken.pop()
        self._room.release()
        if isinstance(step, InputBegins):
            self._input = step.input
        return step

    def close(self) -> None:
        """Let the thread end, which may wait for room."""
        self._closed = True
        self._room.release()
        if self._thread.is_alive():
            self._thread.join()
        self.reader.close()

    def _read(self) -> None:
        try:
            self._room.acquire()
            for item in self.reader:
                if self._closed:
                    break
                self._steps.put(item)
                self._room.acquire()
        except BaseException as error:  # raised again by the thread that iterates
            self._steps.put(error)
        self._steps.put(None)
