"""Expressions that are asked of events beside those of groups and aggregates."""

from streamstat.common.record import record
from streamstat.expressions import Expression


@record
class Asked:
    """An expression that whoever keeps the stream asks of events, and the option in which it stands.

    is_condition: it is to be true or false. alone: it can be asked of an event by itself.
    """

    option: str
    expression: Expression
    is_condition: bool = True
    alone: bool = True
