"""The parts of an expression, whatever they are, as those want them who look for some."""

from collections.abc import Iterator

from streamstat.expressions.nodes import Field, Node, Reading
from streamstat.plan.job import Job


def children(node: Node) -> Iterator[Node]:
    """The nodes right under a node."""
    for name in getattr(type(node), "__match_args__", ()):
        value = getattr(node, name)
        for each in value if isinstance(value, tuple) else (value,):
            if hasattr(each, "evaluate"):
                yield each


def nodes_in(node: Node) -> Iterator[Node]:
    """A node, and all under it."""
    yield node
    for each in children(node):
        yield from nodes_in(each)


def readings_of(job: Job) -> dict[str, list[str]]:
    """The calls such as `number(x)` in the expressions of a job, and the fields that each reads."""
    found = (each for one in job.computed for each in nodes_in(one.node) if isinstance(each, Reading))
    return {each.text: [one.path for one in nodes_in(each) if isinstance(one, Field)] for each in found}
