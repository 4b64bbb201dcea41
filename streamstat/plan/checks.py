"""The checks of commands: conditions that see the row of an entity as it is so far, as `state.paid`."""

from collections.abc import Sequence

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.registry import nearest
from streamstat.common.terminal import printable
from streamstat.common.units import shown
from streamstat.expressions import Expression, compile_condition
from streamstat.expressions.nodes import Reference
from streamstat.plan.shapes import named

STATE = "state"  # in a check: the row so far
CHECK_EXAMPLE = "enough=state.balance >= amount"


@record
class Check:
    """What must hold for a command to be accepted."""

    name: str
    condition: Expression

    @property
    def is_alone(self) -> bool:
        """Whether it can be asked of a command by itself."""
        return not self.condition.references

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the row so far that it looks at."""
        return tuple(dict.fromkeys(column for _, column in self.condition.references))


def checks_of(texts: Sequence[str], columns: Sequence[str]) -> tuple[Check, ...]:
    """The checks that texts `NAME=EXPR` describe. columns: those of the row, by name."""
    found: dict[str, Check] = {}
    for text in texts:
        name, condition = named("--check", text, CHECK_EXAMPLE)
        if name in found:
            problem = f"two checks would be named {shown(name)}"
            raise UsageError("--check", problem, f"for example 'other_{name}=...'")
        found[name] = Check(name, _condition(name, condition, columns))
    return tuple(found.values())


def _condition(name: str, text: str, columns: Sequence[str]) -> Expression:
    def scope(path: str) -> Reference | None:
        of, dot, column = path.partition(".")
        if of != STATE or not dot:
            return None
        if column not in columns:
            problem = f"{printable(name)}: the row has no column {shown(column)}"
            raise UsageError("--check", problem, nearest(column, tuple(columns)))
        return Reference(STATE, column)

    return compile_condition(text, "--check", scope=scope)
