"""A syntax tree to nodes: only what is listed here passes, and nothing is ever run."""

import ast
import difflib
from itertools import pairwise
from typing import cast

from streamstat.common.errors import UsageError
from streamstat.common.units import shown
from streamstat.expressions import nodes, texts
from streamstat.expressions.nodes import Node, Type
from streamstat.expressions.reading import EXAMPLE, field_hint, unspaced_difference
from streamstat.values.columns import Need
from streamstat.values.paths import MOST_DOTS, has_too_many_dots

_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_MAPPINGS = {
    "len": (texts.lengths, Type.NUMBER),
    "lower": (texts.lower, Type.TEXT),
    "upper": (texts.upper, Type.TEXT),
}
_SEARCHES = {
    "contains": texts.contains,
    "startswith": texts.starts_with,
    "endswith": texts.ends_with,
    "matches": texts.matches,
}
_FUNCTIONS = [*_MAPPINGS, *_SEARCHES]
_LANGUAGE = f"there are + - * /, == != < <= > >=, in, is None, and or not, field(), {' '.join(_FUNCTIONS)}"


def check_dots(path: str, place: str) -> None:
    """UsageError for a path that descends further than input is read."""
    if has_too_many_dots(path):
        raise UsageError(place, f"{shown(path)} has more than {MOST_DOTS} dots", "for example user.id")


class Builder:
    """Turns one syntax tree into nodes, and remembers what they need of which field."""

    def __init__(self, text: str, place: str) -> None:
        self.text, self.place = text.strip(), place
        self.needs: dict[str, Need] = {}

    def build(self, tree: ast.expr) -> Node:
        """The node of a tree; UsageError where it holds something that is not in the language."""
        match tree:
            case ast.Constant():
                return self._literal(tree.value)
            case ast.Name(id=name) if name in WORDS:
                return nodes.Literal(WORDS[name])
            case ast.Name() | ast.Attribute():
                return self._field(self._path(tree))
            case ast.UnaryOp(op=ast.Not()):
                return nodes.Not(self.build(tree.operand))
            case ast.UnaryOp(op=ast.USub()):
                return self._negated(self._needing(Need.NUMBER, tree.operand))
            case ast.BinOp() if type(tree.op) in _BINARY:
                return self._arithmetic(tree)
            case ast.BoolOp():
                parts = tuple(self.build(value) for value in tree.values)
                return nodes.Every(parts) if isinstance(tree.op, ast.And) else nodes.Some(parts)
            case ast.Compare():
                return self._comparison(tree)
            case ast.Call():
                return self._call(tree)
            case ast.Subscript():
                raise self._refused(tree, 'nested fields are written with dots, for example field("user.id")')
            case ast.Tuple() | ast.List():
                raise self._refused(tree, 'lists stand after in, for example country in ("KR", "JP")')
        raise self._refused(tree, _LANGUAGE)

    def _literal(self, value: object) -> Node:
        if isinstance(value, str):  # surrogate escapes pair up or become U+FFFD, as in the input
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        elif not isinstance(value, bool | int | float | None):
            raise UsageError(self.place, f"{shown(repr(value))} is no JSON value", f"for example {EXAMPLE}")
        elif value is not None and abs(value) > 1.797_693_134_862_315_8e308:
            problem = f"{shown(self.text)} has a number beyond double"
            raise UsageError(self.place, problem, "for example 1e308")
        return nodes.Literal(value)

    def _negated(self, node: Node) -> Node:
        """Times -1, so that -0.0 and the smallest integer come out right."""
        if isinstance(node, nodes.Literal) and type(node.value) in (int, float):
            return nodes.Literal(-cast(float, node.value))
        return nodes.Arithmetic("*", nodes.Literal(-1), node)

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
            case _:
                raise self._refused(tree, 'a path is names and dots, else field("user.response-time")')
        if name not in self.text:  # Python folds compatibility characters in names, the input does not
            problem = f"{shown(name)} is spelt otherwise in {shown(self.text)}"
            raise UsageError(self.place, problem, field_hint("..."))
        return path

    def _needing(self, need: Need, tree: ast.expr) -> Node:
        node = self.build(tree)
        self._need(need, node)
        return node

    def _need(self, need: Need, node: Node) -> None:
        if isinstance(node, nodes.Field):
            self.needs[node.path] |= need

    def _arithmetic(self, tree: ast.BinOp) -> Node:
        op = _BINARY[type(tree.op)]
        if word := unspaced_difference(tree, self.text):
            problem = f"{shown(word)} can be two things, for a difference has spaces around its minus"
            raise UsageError(self.place, problem, field_hint(word))
        left, right = self._needing(Need.NUMBER, tree.left), self._needing(Need.NUMBER, tree.right)
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
        for left, right in pairwise(operands):
            self._need_of_pair(left, right)
        return nodes.Comparison(tuple(ops), tuple(operands))

    def _membership(self, op: ast.cmpop, value: Node, right: ast.expr) -> Node:
        node: Node
        if isinstance(op, ast.In | ast.NotIn):
            node = self._among(value, right)
        else:
            if not (isinstance(built := self.build(right), nodes.Literal) and built.value is None):
                raise self._refused(right, '"is" takes only None; for anything else use == or !=')
            node = nodes.IsNull(value)
        return nodes.Not(node) if isinstance(op, ast.NotIn | ast.IsNot) else node

    def _among(self, value: Node, right: ast.expr) -> Node:
        if not isinstance(right, ast.Tuple | ast.List):
            hint = 'after in stands a list, ["KR"] or ("KR", "JP"); part of a text is contains(x, "a")'
            raise self._refused(right, hint)
        integers, words, others = [], [], []
        for element in map(self.build, right.elts):
            self._need_of_pair(value, element)
            match element:
                case nodes.Literal(value=str(word)):
                    words.append(word)
                case nodes.Literal(value=int(integer)) if element.fits_int64:
                    integers.append(integer)
                case _:
                    others.append(element)
        return nodes.Among(value, tuple(integers), tuple(words), tuple(others))

    def _need_of_pair(self, left: Node, right: Node) -> None:
        for node, other in ((left, right), (right, left)):
            need = {Type.NUMBER: Need.NUMBER, Type.TEXT: Need.TEXT, Type.ANY: Need.NUMBER | Need.TEXT}
            self._need(need.get(other.type, Need.NOTHING), node)

    def _call(self, tree: ast.Call) -> Node:
        name, arguments = self._called(tree)
        example = f'for example {name}(path, "/api")' if name in _SEARCHES else f'for example {name}("path")'
        starred = any(isinstance(argument, ast.Starred) for argument in arguments)
        if len(arguments) != 1 + (name in _SEARCHES) or tree.keywords or starred:
            raise self._refused(tree, example)
        if name == "field":
            return self._field(self._text(arguments[0], example))
        value = self._needing(Need.TEXT, arguments[0])
        if name in _MAPPINGS:
            function, gives = _MAPPINGS[name]
            return nodes.Mapped(function, value, gives)
        sought = self._text(arguments[1], example)
        if name == "matches" and (problem := texts.pattern_problem(sought)):
            problem = f"{shown(sought)} is no RE2 pattern: {shown(problem)}"
            raise UsageError(self.place, problem, 'for example matches(path, "v[0-9]+")')
        return nodes.Search(_SEARCHES[name], value, sought)

    def _called(self, tree: ast.Call) -> tuple[str, list[ast.expr]]:
        """The function's name and its arguments, of which a method's first stands before the dot."""
        match tree.func:
            case ast.Name(id=name) if name in _FUNCTIONS or name == "field":
                return name, tree.args
            case ast.Attribute(value=subject, attr=name) if name in _FUNCTIONS:
                return name, [subject, *tree.args]
            case ast.Name(id=name) | ast.Attribute(attr=name):
                close = difflib.get_close_matches(name, _FUNCTIONS, 1)
                hint = f"did you mean {close[0]}?" if close else f"there are field {' '.join(_FUNCTIONS)}"
                raise UsageError(self.place, f"unknown function {shown(name)}", hint)
        raise self._refused(tree, _LANGUAGE)

    def _text(self, tree: ast.expr, hint: str) -> str:
        if not isinstance(tree, ast.Constant) or not isinstance(tree.value, str):
            raise self._refused(tree, f"a text in quotes is needed here, {hint}")
        literal = self._literal(tree.value)
        assert isinstance(literal, nodes.Literal) and isinstance(literal.value, str)
        return literal.value

    def _refused(self, tree: ast.expr, hint: str) -> UsageError:
        source = ast.get_source_segment(self.text, tree) or self.text
        return UsageError(self.place, f"{shown(source)} is not part of the language", hint)
