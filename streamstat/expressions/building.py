"""A syntax tree to nodes: only what is listed here passes, and nothing is ever run."""

import ast
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias, cast

from streamstat.common.errors import UsageError
from streamstat.common.units import shown
from streamstat.expressions import literals, logic, nodes, patterns
from streamstat.expressions.functions import FUNCTIONS, Function, FunctionCall, Takes
from streamstat.expressions.mistakes import field_hint, function_hint
from streamstat.expressions.nodes import Node, Type
from streamstat.expressions.reading import is_in_parentheses, unspaced_difference
from streamstat.values.columns import Need
from streamstat.values.paths import MOST_DOTS, has_too_many_dots

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_ADDED = {
    Type.TEXT: Need.TEXT,
    Type.ANY: Need.NUMBER | Need.TEXT,
}  # what of one side, by the type of the other
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_BITS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Invert)
EVENT_TIME = "event_time"
# A field of this event, or of another; None: the path is a field as it stands. UsageError for what cannot be.
Scope: TypeAlias = Callable[[str], nodes.Field | nodes.Reference | None]
MOST_WHOLE = 2**31 - 1  # of settings: no text is so long
_LANGUAGE = (
    "there are + - * / // %, == != < <= > >=, in, is None, and or not, a if c else b, event_time, field(),"
    f" {' '.join(FUNCTIONS)}"
)


def check_dots(path: str, place: str) -> None:
    """UsageError for a path that descends further than input is read."""
    if has_too_many_dots(path):
        raise UsageError(place, f"{shown(path)} has more than {MOST_DOTS} dots", "for example user.id")


class Builder:
    """Turns one syntax tree into nodes, and remembers what they need of which field.

    known: the names that there are, where these are known; then a word such as `a-b` is nothing but a difference.
    scope: what is meant by a path that is no field of the event itself.
    """

    def __init__(
        self, text: str, place: str, known: Sequence[str] | None = None, scope: Scope | None = None
    ) -> None:
        self.text, self.place, self._known, self._scope = text.strip(), place, known, scope
        self.needs: dict[str, Need] = {}
        self.references: dict[tuple[str, str], Need] = {}
        self.trees: list[tuple[Node, ast.expr]] = []

    def build(self, tree: ast.expr) -> Node:
        """The node of a tree; UsageError where it holds something that is not in the language."""
        node = self._node(tree)
        self.trees.append((node, tree))
        return node

    def _node(self, tree: ast.expr) -> Node:
        match tree:
            case ast.Constant():
                return literals.literal(tree.value, self.text, self.place)
            case ast.Name(id=name) if name in WORDS:
                return nodes.Literal(WORDS[name])
            case ast.Name(id=name) if name == EVENT_TIME:
                return nodes.EventTime()
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self._named(self._path(tree))
            case ast.UnaryOp(op=ast.Not()):
                return logic.Not(self.build(tree.operand))
            case ast.UnaryOp(op=ast.USub()):
                return self._negated(self._needing(Need.NUMBER, tree.operand))
            case ast.BinOp() if type(tree.op) in _BINARY:
                return self._arithmetic(tree)
            case ast.BoolOp():
                parts = tuple(self.build(value) for value in tree.values)
                return logic.Every(parts) if isinstance(tree.op, ast.And) else logic.Some(parts)
            case ast.Compare():
                return self._comparison(tree)
            case ast.IfExp():
                return logic.Conditional(*map(self.build, (tree.test, tree.body, tree.orelse)))
            case ast.Call():
                return self._call(tree)
            case ast.Tuple() | ast.List():
                raise self._refused(tree, 'lists stand after in, for example country in ("KR", "JP")')
        bits = isinstance(tree, ast.UnaryOp | ast.BinOp) and isinstance(tree.op, _BITS)
        raise self._refused(tree, "logic is and, or, not" if bits else _LANGUAGE)

    def _negated(self, node: Node) -> Node:
        """Times -1, so that -0.0 and the smallest integer come out right."""
        if isinstance(node, nodes.Literal) and type(node.value) in (int, float):
            return nodes.Literal(-cast(float, node.value))
        return nodes.Arithmetic("*", nodes.Literal(-1), node)

    def _named(self, path: str) -> Node:
        """What names and dots stand for."""
        match self._scope(path) if self._scope is not None else None:
            case nodes.Reference(of=of, path=field) as found:
                check_dots(field, self.place)
                self.references.setdefault((of, field), Need.NOTHING)
                return found
            case nodes.Field(path=field):
                return self._field(field)
        return self._field(path)

    def _field(self, path: str) -> Node:
        check_dots(path, self.place)
        self.needs.setdefault(path, Need.NOTHING)
        return nodes.Field(path)

    def _path(self, tree: ast.expr) -> str:
        match tree:
            case ast.Name(id=name):
                path = name
            case ast.Attribute(value=value, attr=name):
                path = f"{self._path(value)}.{name}"
            case ast.Subscript(value=value, slice=place):
                return f"{self._path(value)}[{self._element(place)}]"
            case _:
                raise self._refused(tree, 'a path is names and dots, else field("user.response-time")')
        if name not in self.text:  # Python folds compatibility characters in names, the input does not
            problem = f"{shown(name)} is spelt otherwise in {shown(self.text)}"
            raise UsageError(self.place, problem, field_hint("..."))
        return path

    def _element(self, place: ast.expr) -> int:
        """The place of an element of an array, from 0, or negative from its end."""
        if (number := literals.whole_number(place)) is not None:
            return number
        if isinstance(place, ast.Slice):
            raise self._refused(place, "a part of a text is, for example, substring(path, 0, 4)")
        raise self._refused(place, 'nested fields are written with dots, for example field("user.id")')

    def _needing(self, need: Need, tree: ast.expr) -> Node:
        node = self.build(tree)
        self.need(need, node)
        return node

    def need(self, need: Need, node: Node) -> None:
        """So much is needed of a node that is a field, and of fields whose values a node gives on."""
        match node:
            case nodes.Field(path=path):
                self.needs[path] |= need
            case nodes.Reference(of=of, path=path):
                self.references[of, path] |= need
            case logic.Conditional() | logic.Coalesce():
                for part in node.passes:
                    self.need(need, part)

    def _arithmetic(self, tree: ast.BinOp) -> Node:
        op = _BINARY[type(tree.op)]
        if self._known is None and (word := unspaced_difference(tree, self.text)):
            problem = f"{shown(word)} may be a field, or a difference, which has spaces around its minus"
            raise UsageError(self.place, problem, field_hint(word))
        left, right = self.build(tree.left), self.build(tree.right)
        for node, other in ((left, right), (right, left)):
            self.need(_ADDED.get(other.type, Need.NUMBER) if op == "+" else Need.NUMBER, node)
        return nodes.Arithmetic(op, left, right)

    def _comparison(self, tree: ast.Compare) -> Node:
        """A chain, cut at each `in` and `is`, which need their right side as written."""
        operands, ops = [self.build(tree.left)], []
        for op, right_tree in zip(tree.ops, tree.comparators, strict=True):
            if type(op) in _COMPARISONS:
                ops.append(_COMPARISONS[type(op)])
                operands.append(self.build(right_tree))
            elif len(tree.ops) == 1:
                return self._membership(op, operands[0], right_tree)
            else:
                hint = 'a comparison with "in" or "is" stands alone; join two with "and"'
                raise self._refused(tree, hint)
        if any(operand.type == Type.NULL for operand in operands):
            problem = f"{shown(self._source(tree))} is null for every event"
            raise UsageError(self.place, problem, "use is None, is not None")
        for left, right in pairwise(operands):
            self._need_of_pair(left, right)
        return logic.Comparison(tuple(ops), tuple(operands))

    def _membership(self, op: ast.cmpop, value: Node, right: ast.expr) -> Node:
        node: Node
        if isinstance(op, ast.In | ast.NotIn):
            node = self._among(value, right)
        else:
            if not (isinstance(built := self.build(right), nodes.Literal) and built.value is None):
                raise self._refused(right, '"is" takes only None; for anything else use == or !=')
            node = logic.IsNull(value)
        return logic.Not(node) if isinstance(op, ast.NotIn | ast.IsNot) else node

    def _among(self, value: Node, right: ast.expr) -> Node:
        elements = [right]
        if isinstance(right, ast.Tuple | ast.List):
            elements = right.elts
        elif not is_in_parentheses(right, self.text):
            hint = 'after in stands a list, ["KR"] or ("KR", "JP"); part of a text is contains(x, "a")'
            raise self._refused(right, hint)
        integers, large, words, others = [], [], [], []
        for element in map(self.build, elements):
            self._need_of_pair(value, element)
            match element:
                case nodes.Literal(value=str(word)):
                    words.append(word)
                case nodes.Literal(value=int(integer)) if type(integer) is int:
                    integers += [integer] if element.fits_int64 else []
                    large += [integer] if element.is_beyond_int64 else []
                case _:
                    others.append(element)
        return logic.Among(value, tuple(integers), tuple(large), tuple(words), tuple(others))

    def _need_of_pair(self, left: Node, right: Node) -> None:
        """Of numbers that may be beyond int64 the spelling is needed too, by which they are compared."""
        for node, other in ((left, right), (right, left)):
            need = {Type.NUMBER: Need.NUMBER, Type.TEXT: Need.TEXT, Type.ANY: Need.NUMBER | Need.TEXT}
            small = isinstance(other, nodes.Literal) and not other.is_beyond_int64
            spelling = Need.TEXT if other.type == Type.NUMBER and not small else Need.NOTHING
            self.need(need.get(other.type, Need.NOTHING) | spelling, node)

    def _call(self, tree: ast.Call) -> Node:
        name, arguments = self._called(tree)
        starred = any(isinstance(argument, ast.Starred) for argument in arguments) or tree.keywords
        if name == "field":
            if len(arguments) != 1 or starred:
                raise self._refused(tree, 'for example field("path")')
            return self._field(self._text(arguments[0], 'for example field("path")'))
        function = FUNCTIONS[name]
        if starred or not function.fits(len(arguments)):
            raise self._refused(tree, f"for example {function.example}")
        values, settings = [], []
        for place, argument in enumerate(arguments):
            if (takes := function.argument(place)).is_setting:
                settings.append(self._setting(takes, argument, function))
            else:
                values.append(self._value(takes, argument))
        try:
            return function.make(FunctionCall(self._source(tree), tuple(values), tuple(settings)))
        except ValueError as error:
            raise UsageError(self.place, str(error), f"for example {function.example}") from None

    def _value(self, takes: Takes, tree: ast.expr) -> Node:
        node = self.build(tree)
        time = Need.TIME if isinstance(node, nodes.Field) else Need.NUMBER | Need.TEXT
        needs = {Takes.NUMBER: Need.NUMBER, Takes.TEXT: Need.TEXT, Takes.TIME: time}
        self.need(needs.get(takes, Need.NUMBER | Need.TEXT), node)
        return node

    def _setting(self, takes: Takes, tree: ast.expr, function: Function) -> int | str:
        example = f"for example {function.example}"
        if takes == Takes.WHOLE:
            if (number := literals.whole_number(tree)) is None or abs(number) > MOST_WHOLE:
                raise self._refused(tree, f"a whole number is needed here, {example}")
            return number
        text = self._text(
            literals.pattern_of(tree, self._source(tree)) if takes != Takes.WORD else tree, example
        )
        if takes == Takes.PATTERN and (problem := patterns.pattern_problem(text)):
            raise UsageError(self.place, f"{shown(text)} is no RE2 pattern: {problem}", example)
        return text

    def _called(self, tree: ast.Call) -> tuple[str, list[ast.expr]]:
        """The function's name and its arguments, of which a method's first stands before the dot."""
        match tree.func:
            case ast.Name(id=name) if name in FUNCTIONS or name == "field":
                return name, tree.args
            case ast.Attribute(value=subject, attr=name) if name in FUNCTIONS:
                return name, [subject, *tree.args]
            case ast.Name(id=name) | ast.Attribute(attr=name):
                raise UsageError(
                    self.place, f"unknown function {shown(name)}", function_hint(name, FUNCTIONS)
                )
        raise self._refused(tree, _LANGUAGE)

    def _text(self, tree: ast.expr, hint: str) -> str:
        if not isinstance(tree, ast.Constant) or not isinstance(tree.value, str):
            raise self._refused(tree, f"a text in quotes is needed here, {hint}")
        literal = literals.literal(tree.value, self.text, self.place)
        assert isinstance(literal, nodes.Literal) and isinstance(literal.value, str)
        return literal.value

    def _source(self, tree: ast.expr) -> str:
        return ast.get_source_segment(self.text, tree) or self.text

    def _refused(self, tree: ast.expr, hint: str) -> UsageError:
        return UsageError(self.place, f"{shown(self._source(tree))} is not part of the language", hint)
