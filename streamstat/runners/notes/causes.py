"""Why a comparison had no answer, in words, and how it may be written so that it has one."""

from collections.abc import Sequence
from typing import Any

from streamstat.expressions.logic import Comparison
from streamstat.expressions.nodes import Field, Literal, Node, Search, Type
from streamstat.runners.notes.showing import shown_value
from streamstat.runners.notes.spellings import function_for, reading_of
from streamstat.values.columns import Kind

_NUMBERS = (Kind.INTEGER, Kind.DOUBLE)
_WORDS = {
    Kind.NULL: "null",
    Kind.FALSE: "false",
    Kind.TRUE: "true",
    Kind.INTEGER: "a number",
    Kind.DOUBLE: "a number",
    Kind.TEXT: "text",
    Kind.HUGE: "a number beyond double",
}


class Operand:
    """What a question is asked of, as it is written; how many of its values were of which kind, and one of each.

    compared: with something; else it is the condition itself. inner: the fields that it is computed from.
    """

    def __init__(self, node: Node, words: str, compared: bool, inner: Sequence["Operand"] = ()) -> None:
        self.node, self.words, self.compared, self.inner = node, words, compared, inner
        self.counts = [0] * len(Kind)
        self.examples: dict[int, tuple[Kind, str]] = {}

    def told(self) -> list[Any]:
        """How often each kind was there, and an example of it, as JSON can hold it."""
        return [[count, *self.examples.get(kind, ())] for kind, count in enumerate(self.counts)]

    def absorb(self, told: Sequence[Any]) -> None:
        """What came behind it, as `told` gave it."""
        for kind, (count, *example) in enumerate(told):
            if example and not self.counts[kind]:
                self.examples[kind] = Kind(example[0]), example[1]
            self.counts[kind] += count

    @property
    def commonest(self) -> Kind:
        """The kind of most values that are there; null if none is."""
        there = range(1, len(self.counts))
        kind = max(there, key=lambda each: (self.counts[each], -each))
        return Kind(kind) if self.counts[kind] else Kind.NULL


def cause(operand: Operand, asked: int) -> str:
    """What its values were."""
    kind = operand.commonest
    if kind == Kind.NULL and operand.inner:
        return "; ".join(cause(each, asked) for each in operand.inner)
    kinds = _NUMBERS if kind in _NUMBERS else (kind,)
    count = sum(operand.counts[each] for each in kinds)
    said = (
        f"{operand.words} was {_described(kind, operand)} in {count:,} of {asked:,} event{'s' * (asked != 1)}"
    )
    if kind in (Kind.NULL, Kind.FALSE, Kind.TRUE):
        return said
    return f"{said}, for example {shown_value(*operand.examples[kind])}"


def _described(kind: Kind, operand: Operand) -> str:
    if kind == Kind.JSON:
        return "a list" if operand.examples[kind][1].startswith("[") else "an object"
    return _WORDS[kind]


def fix(node: Node, operands: Sequence[Operand]) -> str:
    """How to ask for what there is; empty if nothing is known to help."""
    return next(filter(None, (_fix_of(node, operand) for operand in operands)), "")


def _fix_of(node: Node, operand: Operand) -> str:
    kind = operand.commonest
    if kind == Kind.NULL:
        inner = (
            (each, *each.examples[each.commonest]) for each in operand.inner if each.commonest == Kind.TEXT
        )
        return next((reading_of(each.words, text) for each, _, text in inner if function_for(text)), "")
    kind, text = operand.examples[kind]
    if not operand.compared:
        example = f"compare it, for example {operand.words} == {shown_value(kind, text)}"
        return example if kind in (*_NUMBERS, Kind.TEXT) else ""
    if kind == Kind.TEXT:
        return reading_of(operand.words, text) if _is_compared_with_numbers(node, operand) else ""
    if kind in _NUMBERS and isinstance(node, Search):
        return f"text({operand.words}) makes it text"
    return _without_quotes(node, operand.words) if kind in (*_NUMBERS, Kind.TRUE, Kind.FALSE) else ""


def _is_compared_with_numbers(node: Node, operand: Operand) -> bool:
    match node:
        case Comparison(operands=parts):
            return any(part.type == Type.NUMBER for part in parts if part is not operand.node)
    return False


def _without_quotes(node: Node, words: str) -> str:
    """The same comparison with a value that is no text."""
    match node:
        case Comparison(ops=(op,), operands=(Field(), Literal(value=str(text)))):
            if function_for(text) == "number" or text in ("true", "false"):
                return f"without quotes it is no text: {words} {op} {text.strip()}"
    return ""
