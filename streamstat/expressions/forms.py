"""Many conditions, read in little time: those that differ in nothing but values have one form, which is read once.

A form is a condition with a mark in place of each plain text and whole number. What is special about a value, such as
an escape or a sign, stays part of the form. Whatever is in doubt is read by itself, as any condition is.
"""

import re

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.expressions import Expression, compile_condition
from streamstat.expressions.phrases import has_word
from streamstat.expressions.programs import UNKNOWN, Piece, program, program_bytes, value_bytes
from streamstat.expressions.reading import MAX_BYTES
from streamstat.values.columns import Need

_VALUE = re.compile(
    r"(?<!\w)\"([^\"\\\0-\x1f]*)\"|(?<!\w)'([^'\\\0-\x1f]*)'|(?<![\w.])(0|[1-9][0-9]{0,17})(?![\w.])"
)
_TEXT, _WHOLE = "\1", "\2"  # in a form, in place of a value
_TEXT_MARK, _WHOLE_MARK = "zqx{}xqz", 8_070_450_532_247_928_000  # values that no condition has
_PHRASES = (b"w", b"y")  # what begins a question for words


@record
class StoredQuery:
    """A condition as a program. expression: what decides where the program leaves it open; None if it never does."""

    program: bytes
    expression: Expression | None


@record
class QueryForm:
    """A program between whose parts values stand, in this order. phrases: those that must have a word."""

    parts: tuple[bytes, ...]
    order: tuple[int, ...]
    phrases: tuple[int, ...]

    def filled(self, values: list[int | str]) -> bytes | None:
        """The program with these values; None if one of them cannot be."""
        if not all(has_word(str(values[place])) for place in self.phrases):
            return None
        written = [self.parts[0]]
        for place, part in zip(self.order, self.parts[1:], strict=True):
            written += (value_bytes(values[place]), part)
        return b"".join(written)


class QueryReader:
    """Reads the conditions of one index. fields: the numbers of those that programs name; needs: what is looked at."""

    def __init__(self) -> None:
        self.fields: dict[str, int] = {}
        self.needs: dict[str, Need] = {}
        self.asks_written = False
        self._forms: dict[str, QueryForm | None] = {}

    def read(self, text: str, place: str) -> StoredQuery:
        r"""A condition; UsageError names the place.

        >>> reader = QueryReader()
        >>> one, two = (reader.read(f'service == "{name}"', "--query") for name in ("api", "ui"))
        >>> one.program.replace(b"\3\0\0\0api", b"\2\0\0\0ui") == two.program, reader.fields
        (True, {'service': 0})
        """
        shape, values = _taken_apart(text)
        if shape not in self._forms:
            self._forms[shape] = self._form(shape, values, place)
        form = self._forms[shape]
        if form is not None and (filled := form.filled(values)) is not None:
            return StoredQuery(filled, None)
        expression = compile_condition(text, place)
        pieces = _pieces(expression, self.fields)
        self._note(expression, self.fields)
        return StoredQuery(program_bytes(pieces), expression if UNKNOWN in pieces else None)

    def _form(self, shape: str, values: list[int | str], place: str) -> QueryForm | None:
        """What is the same for all conditions of a shape; None if that is in doubt."""
        if not values or "#" in shape or not shape.isascii():
            return None
        marks = [
            _WHOLE_MARK + i if isinstance(value, int) else _TEXT_MARK.format(i)
            for i, value in enumerate(values)
        ]
        if any(str(mark) in shape for mark in marks):
            return None
        written = iter(str(mark) if isinstance(mark, int) else f'"{mark}"' for mark in marks)
        marked = re.sub(f"[{_TEXT}{_WHOLE}]", lambda _: next(written), shape)
        try:
            expression = compile_condition(marked, place)
        except UsageError:
            return None
        fields = dict(self.fields)  # a mark may stand in the name of one, and then there is no form
        pieces = _pieces(expression, fields)
        order = [marks.index(piece) for piece in pieces if piece in marks]
        if UNKNOWN in pieces or sorted(order) != list(range(len(marks))):
            return None
        self._note(expression, fields)
        return _form_of(pieces, marks, tuple(order))

    def _note(self, expression: Expression, fields: dict[str, int]) -> None:
        """It is one of those that are held: what it looks at."""
        self.fields = fields
        for path, need in expression.fields.items():
            self.needs[path] = self.needs.get(path, Need.NOTHING) | need
        self.asks_written |= expression.asks_written


def _pieces(expression: Expression, fields: dict[str, int]) -> list[Piece]:
    """A condition as a program; fields that have no number yet get one."""
    return program(expression.node, lambda path: fields.setdefault(path, len(fields)))


def _form_of(pieces: list[Piece], marks: list[int | str], order: tuple[int, ...]) -> QueryForm:
    parts, phrases = [b""], []
    for before, piece in zip([b"", *pieces], pieces, strict=False):
        if piece in marks:
            parts.append(b"")
            if isinstance(before, bytes) and before[:1] in _PHRASES:
                phrases.append(marks.index(piece))
        else:
            parts[-1] += program_bytes([piece])
    return QueryForm(tuple(parts), order, tuple(phrases))


def _taken_apart(text: str) -> tuple[str, list[int | str]]:
    r"""The shape of a condition and its values. One that is not plain enough is its own shape, without values.

    >>> _taken_apart('service == "api" and took > 400 and x != -1 and y == r"a"')
    ('service == \x01 and took > \x02 and x != -1 and y == r"a"', ['api', 400])
    """
    values: list[int | str] = []
    shape: list[str] = []
    end = 0
    if len(text) > MAX_BYTES // 4 or _TEXT in text or _WHOLE in text:
        return text, []
    for found in _VALUE.finditer(text):
        between = text[end : found.start()]
        shape.append(between)
        if (digits := found[3]) is not None and between.rstrip().endswith("-"):
            shape.append(digits)
        else:
            value = found[1] if found[1] is not None else found[2]
            values.append(int(digits) if value is None else value)
            shape.append(_WHOLE if value is None else _TEXT)
        end = found.end()
    if not _is_plain(values):
        return text, []
    return "".join(shape) + text[end:], values


def _is_plain(values: list[int | str]) -> bool:
    """Whether the texts among them can be encoded."""
    try:
        for value in values:
            str(value).encode()
    except UnicodeEncodeError:
        return False
    return True
