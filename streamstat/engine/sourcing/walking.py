"""The states of entities before and behind each of some events: what a check sees, and what a changelog tells.

It is supposed of each command whether it becomes an event; states are added up along the commands of an entity, all of
them at once, and the commands are decided with the states that they see. What is decided up to the first command of
which something else was supposed is right, as is that decision. From there on what was found is supposed, and so on.
Commands that are decided as supposed cost no more than events do; at worst there is a round for each.
"""

from collections.abc import Callable

import numpy as np

from streamstat.common.record import record
from streamstat.engine.sourcing.entities import Entities
from streamstat.engine.sourcing.gathered import Gathered, WholeBlock
from streamstat.engine.store import Store
from streamstat.plan.job import Measure
from streamstat.states import Batch
from streamstat.values.columns import I32, I64, Mask

FEWEST = 8  # commands of one entity that are looked at together, where the last ones were not as supposed


@record
class Commands:
    """n commands of a block, in input order: row int64[n], entity int32[n], time int64[n]; sequence: of the first."""

    whole: WholeBlock
    rows: I64
    keys: I32
    times: I64
    sequence: int


@record
class Leg:
    """Commands on a walk: their places among all, and what is known in front of each and behind it.

    before, behind: slots of `states`. known: where the entity has an event before.
    """

    places: I64
    commands: Gathered
    states: Entities
    before: I32
    behind: I32
    known: Mask


# Which commands of a leg become events.
Decide = Callable[[Leg], Mask]


class Walk:
    """Walks along commands of many entities. measures: those whose states are wanted. widest: a leg of an entity."""

    def __init__(self, measures: tuple[Measure, ...], widest: int) -> None:
        self._ahead, self._last = (Entities(Store(measures)) for _ in range(2))
        # Where the order shows in which states are absorbed, each event has to be added behind what was there before.
        self._in_order = self._ahead.store.ordered
        self._widest = 1 if self._in_order else widest

    def walk(self, entities: Entities, commands: Commands, supposed: Mask, decide: Decide) -> None:
        """Decide all commands. supposed: which become events, to begin with; in the end those that do.

        `decide` is asked of a command again if what it saw was not so. The last answer counts.
        """
        order = np.argsort(commands.keys, kind="stable")
        fronts = Fronts.of(commands.keys[order], entities, self._widest)
        sequence, used = commands.sequence, 0
        while len(fronts.at):
            steps = fronts.steps()
            places = order[steps.places]
            leg = self._leg(entities, commands, fronts, steps, places, supposed[places], sequence)
            sequence += len(places)
            found = decide(leg)
            stops = steps.stops(found != supposed[places])
            supposed[places] = found
            self._last.clear(np.arange(used, dtype=np.int32))
            self._ahead, self._last, used = self._last, self._ahead, len(places) + len(fronts.at)
            fronts = fronts.moved(steps, stops, leg.known | found, self._widest)
        self._last.clear(np.arange(used, dtype=np.int32))

    def _leg(
        self,
        entities: Entities,
        commands: Commands,
        fronts: "Fronts",
        steps: "Steps",
        places: I64,
        events: Mask,
        sequence: int,
    ) -> Leg:
        """The states in front of commands and behind them, if these become events."""
        states = self._ahead
        states.reserve(len(places) + len(fronts.at))
        new = (fronts.carried < 0) & fronts.known
        states.take_over(entities, steps.base[new], fronts.keys[new])
        goes_on = fronts.carried >= 0
        states.take_over(self._last, steps.base[goes_on], fronts.carried[goes_on])
        before, behind = steps.before, steps.before + np.int32(1)
        gathered = Gathered(commands.whole, commands.rows[places])
        slots = np.where(events, behind, np.int32(-1))
        batch = Batch(slots, commands.times[places], sequence)
        if self._in_order:
            states.take_over(states, behind, before)
        states.update(batch, gathered, 0, len(places))
        if not self._in_order:
            states.take_over(states, behind, before)
        return Leg(places, gathered, states, before, behind, steps.seen(events, fronts.known))


@record
class Fronts:
    """How far each entity has come on a walk: the range of its commands still to decide, and what is behind it.

    keys int32[m], at and end int64[m] among commands by entity, known bool[m]: it has an event by now; carried
    int32[m]: the slot of the last leg that has its state (-1: there was none); widths int64[m]: how many commands
    are next.
    """

    keys: I32
    at: I64
    end: I64
    known: Mask
    carried: I32
    widths: I64

    @classmethod
    def of(cls, keys: I32, entities: Entities, widest: int) -> "Fronts":
        """At the first command of each entity; keys are those of commands, ordered."""
        at = np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), np.bool_), keys[1:] != keys[:-1]]))
        m, end = len(at), np.append(at, len(keys))[1:]
        known, none = entities.known(keys[at]), np.full(m, -1, np.int32)
        return cls(keys[at], at, end, known, none, np.full(m, widest, np.int64))

    def steps(self) -> "Steps":
        """The commands that are next."""
        sizes = np.minimum(self.widths, self.end - self.at)
        first = np.cumsum(sizes) - sizes
        of = np.repeat(np.arange(len(sizes)), sizes)
        within = np.arange(len(of)) - first[of]
        base = (first + np.arange(len(sizes))).astype(np.int32)
        return Steps(sizes, first, of, within, base, self.at[of] + within)

    def moved(self, steps: "Steps", stops: I64, known: Mask, widest: int) -> "Fronts":
        """Behind the commands in front of `stops`. known: where an entity has an event behind a command."""
        has_event = self.known | ((stops > 0) & known[steps.first + stops - 1])
        carried, at = steps.base + stops.astype(np.int32), self.at + stops
        wider = np.where(stops == steps.sizes, 2 * self.widths, np.maximum(2 * stops, FEWEST))
        on = at < self.end
        widths = np.minimum(wider, widest)
        return Fronts(self.keys[on], at[on], self.end[on], has_event[on], carried[on], widths[on])


@record
class Steps:
    """The commands that are next of m entities: how many of each, where they begin among all of them, of which entity
    each is and which one of these, the slot in front of the first, and their places among commands by entity."""

    sizes: I64
    first: I64
    of: I64
    within: I64
    base: I32
    places: I64

    @property
    def before(self) -> I32:
        """The slot of the state in front of each."""
        return self.base[self.of] + self.within.astype(np.int32)

    def seen(self, events: Mask, known: Mask) -> Mask:
        """Where the entity has an event in front of each; known: in front of the first."""
        earlier: I64 = np.cumsum(events) - events
        found: Mask = known[self.of] | (earlier > earlier[self.first][self.of])
        return found

    def stops(self, differs: Mask) -> I64:
        """Of each entity how many commands stand in front of the first that differs."""
        places = np.where(differs, self.within, self.sizes[self.of])
        return np.minimum.reduceat(places, self.first)
