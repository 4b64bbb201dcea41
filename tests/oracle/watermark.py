"""How far event time has come: W over the producers of the input that is being read."""

from dataclasses import dataclass

from .lines import Value
from .times import INFINITY


@dataclass
class _Producer:
    newest: int | float = -INFINITY  # m_p: its newest event time or promise
    mark: int | float = -INFINITY  # W_p
    newest_event: int | float = -INFINITY  # without promises; what a delay has to cover


class Watermark:
    """W, which never goes back.

    Inputs are read one after the other: while one is still to begin, W is held; producers of a finished one
    no longer count. So only the last input's producers ever move W before the end.
    """

    def __init__(self, delay: int | float, idle: int | float) -> None:
        self.delay, self.idle = delay, idle
        self.now: int | float = -INFINITY
        self.largest_lag = 0
        self._producers: dict[Value, _Producer] = {}
        self._held = True

    def begin_input(self, is_last: bool) -> None:
        self._producers.clear()
        self._held = not is_last

    def observe(self, producer: Value, time: int) -> None:
        """An event of a producer, late and filtered ones too."""
        its = self._producers.setdefault(producer, _Producer())
        if its.newest_event > time:
            self.largest_lag = max(self.largest_lag, int(its.newest_event) - time)
        its.newest_event = max(its.newest_event, time)
        its.newest = max(its.newest, time)
        its.mark = max(its.mark, its.newest - self.delay)
        self._advance()

    def promise(self, producer: Value, time: int) -> None:
        its = self._producers.setdefault(producer, _Producer())
        its.newest, its.mark = max(its.newest, time), max(its.mark, time)
        self._advance()

    def promise_for_all(self, time: int) -> None:
        if not self._held:
            self.now = max(self.now, time)

    def end(self) -> None:
        self.now = INFINITY

    def _advance(self) -> None:
        if self._held:
            return
        newest = max(its.newest for its in self._producers.values())
        active = [its.mark for its in self._producers.values() if newest - its.newest <= self.idle]
        self.now = max(self.now, min(active))
