"""The watermark by its rules, one event at a time: the truth that the kernel is compared with."""

from dataclasses import dataclass, field

MINUS_INFINITY, PLUS_INFINITY = -(2**63), 2**63 - 1
NOTHING, EVENT, PROMISE, PROMISE_FOR_ALL = range(4)

Row = tuple[int, int, int]  # time, producer, role


@dataclass
class Twin:
    """Dictionaries and loops: the truth to compare with."""

    delay: int | None
    idle: int | None
    held: bool = False
    watermark: int = MINUS_INFINITY
    max_lateness: int = 0
    promised: int = MINUS_INFINITY
    newest: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    watermarks: dict[int, int] = field(default_factory=dict)

    def take(self, time: int, producer: int, role: int) -> int:
        before = self.watermark
        if role in (EVENT, PROMISE):
            newest = self.newest.get(producer, MINUS_INFINITY)
            if role == EVENT:
                seen = self.seen.get(producer, MINUS_INFINITY)
                self.max_lateness = min(max(self.max_lateness, seen - time), PLUS_INFINITY)
                self.seen[producer] = max(seen, time)
            self.newest[producer] = newest = max(newest, time)
            own = self.watermarks.get(producer, MINUS_INFINITY)
            if role == PROMISE:
                own = max(own, time)
            elif self.delay is not None:
                own = max(own, newest - self.delay)
            self.watermarks[producer] = own
        elif role == PROMISE_FOR_ALL:
            self.promised = max(self.promised, time)
        if role != NOTHING:
            self.move()
        return before

    def move(self) -> None:
        if self.held:
            return
        newest_of_all = max(self.newest.values(), default=MINUS_INFINITY)
        counting = [
            self.watermarks[producer]
            for producer, newest in self.newest.items()
            if self.idle is None or newest_of_all - newest <= self.idle
        ]
        self.watermark = max(self.watermark, self.promised, min(counting, default=MINUS_INFINITY))

    def forget_promises(self) -> None:
        self.promised = MINUS_INFINITY

    def renumber(self, codes: list[int]) -> None:
        for clocks in (self.newest, self.seen, self.watermarks):
            kept = {codes[old]: time for old, time in clocks.items() if codes[old] >= 0}
            clocks.clear()
            clocks.update(kept)
        self.move()

    def finish(self) -> None:
        self.watermark = PLUS_INFINITY

    def hold(self, held: bool) -> None:
        self.held = held
