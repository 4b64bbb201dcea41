"""Sessions with dictionaries and loops, in integers without end: the truth that the kernel is compared with."""

from dataclasses import dataclass, field

MINUS_INFINITY, PLUS_INFINITY = -(2**63), 2**63 - 1

Row = tuple[int, int, int, bool]  # key, time, W before it, take


@dataclass
class Session:
    """One slot's session."""

    key: int
    first: int
    last: int
    fired: bool = False


@dataclass
class Admitted:
    """What `admit` gives."""

    end: int
    slots: list[int]
    late: list[int]
    into: list[int]
    source: list[int]


@dataclass
class Twin:
    """All sessions of all keys by slot; every question looks at each of them."""

    gap: int
    lateness: int
    stop_at_firing: bool
    promises: bool = False
    stop_at_each: bool = False
    watermark: int = MINUS_INFINITY
    sessions: dict[int, Session] = field(default_factory=dict)
    free: set[int] = field(default_factory=set)
    capacity: int = 0
    owing: bool = False  # what has fired was changed since the last firing

    def fires(self, session: Session, watermark: int) -> bool:
        return watermark == PLUS_INFINITY or watermark > session.last + self.gap

    def closes(self, session: Session, watermark: int) -> bool:
        if watermark == PLUS_INFINITY:
            return True
        return self.lateness != PLUS_INFINITY and watermark > session.last + self.gap + self.lateness

    def admit(self, rows: list[Row], begin: int) -> Admitted:
        done = Admitted(begin, [], [], [], [])
        while done.end < len(rows):
            key, time, before, take = rows[done.end]
            behind = take and time < before
            if self.stop_at_each and self.due(before):
                break
            if self.stop_at_firing and (behind or self.owing) and self.due(before):
                break
            self.watermark = max(self.watermark, before)
            slot = self.take(key, time, done) if take and not self.begins_too_early(time) else -1
            self.owing |= slot >= 0 and self.sessions[slot].fired
            done.slots.append(slot)
            done.late.append(int(take and slot < 0))
            done.end += 1
        for into, source in zip(done.into, done.source, strict=True):
            done.slots = [into if slot == source else slot for slot in done.slots]
        self.free |= set(done.source)
        return done

    def begins_too_early(self, time: int) -> bool:
        return self.promises and time < min(self.watermark, self.least_start(self.watermark))

    def least_start(self, watermark: int) -> int:
        self.watermark = max(self.watermark, watermark)
        firsts = (each.first for each in self.sessions.values() if not self.closes(each, self.watermark))
        return min(firsts, default=PLUS_INFINITY)

    def take(self, key: int, time: int, done: Admitted) -> int:
        near = sorted(
            slot
            for slot, session in self.sessions.items()
            if session.key == key
            and session.first - self.gap <= time <= session.last + self.gap
            and not self.closes(session, self.watermark)
        )
        if not near:
            return self.create(Session(key, time, time))
        slot, session = near[0], self.sessions[near[0]]
        session.first, session.last = min(session.first, time), max(session.last, time)
        for source in near[1:]:
            gone = self.sessions.pop(source)
            session.first, session.last = min(session.first, gone.first), max(session.last, gone.last)
            session.fired = session.fired and gone.fired
            done.into.append(slot)
            done.source.append(source)
        session.fired = session.fired and self.fires(session, self.watermark)
        return slot

    def create(self, session: Session) -> int:
        if self.closes(session, self.watermark):
            return -1
        session.fired = (self.stop_at_firing or self.stop_at_each) and self.fires(session, self.watermark)
        slot = min(self.free, default=self.capacity)
        self.free.discard(slot)
        self.capacity = max(self.capacity, slot + 1)
        self.sessions[slot] = session
        return slot

    def waiting(self, watermark: int) -> list[int]:
        return sorted(
            s for s, each in self.sessions.items() if not each.fired and self.fires(each, watermark)
        )

    def due(self, watermark: int) -> bool:
        return bool(self.waiting(watermark))

    def fire(self, watermark: int) -> list[int]:
        self.owing = False
        slots = self.waiting(watermark)
        for slot in slots:
            self.sessions[slot].fired = True
        return slots

    def closed(self, watermark: int) -> list[int]:
        return sorted(slot for slot, session in self.sessions.items() if self.closes(session, watermark))

    def drop(self, slots: list[int]) -> None:
        for slot in slots:
            del self.sessions[slot]
        self.free |= set(slots)

    def live(self) -> list[tuple[int, int, int, int]]:
        return sorted((slot, each.key, each.first, each.last) for slot, each in self.sessions.items())
