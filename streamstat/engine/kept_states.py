"""A state that a store keeps, and what feeds it."""

from typing import Any

from streamstat.common.record import record
from streamstat.expressions import Expression
from streamstat.states import Slides, State


@record
class KeptState:
    """A state that the store keeps, and what feeds it."""

    state: State
    sliding: Slides | None  # the state again, if it slides
    native: Any
    argument: Expression | None
    condition: Expression | None
    name: str  # of its argument, in columns of sketches
    column: str  # the first that is made of it
    by: Expression | None = None  # what ranks the events

    @property
    def condition_text(self) -> str | None:
        """The condition as it was written."""
        return None if self.condition is None else self.condition.text

    @property
    def numbers(self) -> tuple[Expression, ...]:
        """What has to be a number."""
        argument = self.argument if self.state.numeric else None
        return tuple(each for each in (argument, self.by) if each is not None)

    @property
    def slider(self) -> Slides:
        """The state, for trailing windows: a plan that has them has no state that does not slide."""
        assert self.sliding is not None
        return self.sliding
