"""The parts of an expression, whatever they are, as those want them who look for some."""

from collections.abc import Iterator

from streamstat.expressions.nodes import Node


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
