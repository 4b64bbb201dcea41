"""TSV as the input format of that name reads it: what is written comes back, as far as TSV has a word for it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tools.cell_columns import NULL, Cell, array, column, double, integer, text
from tools.line_verdicts import NEEDS, cells_of
from tools.log_twins import typed

from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats.tsv import Tsv
from streamstat.kernels import render_tsv
from streamstat.values.columns import Kind

COLUMNS = ("first", "between", "last")


def as_tsv(*cells: Cell, terminal: bool = False) -> bytes:
    return render_tsv([column([cell]) for cell in cells], 0, 1, terminal)


def test_cells_stand_behind_tabs_and_nulls_are_nothing() -> None:
    truth = (Kind.TRUE, 0, b"")
    cells = (integer(-1), double(0.5), NULL, truth, text(""), text('a "b",c'), (Kind.HUGE, 0, b"1e999"))
    assert as_tsv(*cells) == b'-1\t0.5\t\ttrue\t\ta "b",c\t1e999\n'


def test_tabs_newlines_and_backslashes_are_escaped_and_nothing_else() -> None:
    assert as_tsv(text("\t\n\\\\t\r\x1b"), text("서")) == "\\t\\n\\\\\\\\t\r\x1b\t서\n".encode()
    assert as_tsv(array(b'["a\\n",\t1]')) == b'["a\\\\n",\\t1]\n'


def test_carriage_return_at_the_end_of_a_row_is_no_part_of_its_end() -> None:
    assert as_tsv(text("a\r"), text("b\r")) == b"a\r\tb\r\r\n"


def test_terminal_shows_control_characters_as_escapes() -> None:
    assert as_tsv(text("a\t\x1b[2J\\\r"), NULL, terminal=True) == b"a\\t\\x1b[2J\\\\\\x0d\t\n"


def test_many_rows_are_those_of_a_range() -> None:
    given_columns = [column([integer(i) for i in range(5)]), column([text(str(i)) for i in range(5)])]
    assert render_tsv(given_columns, 1, 3, False) == b"1\t1\n2\t2\n"
    with pytest.raises(IndexError):
        render_tsv(given_columns, 1, 6, False)


TEXTS = st.one_of(
    st.text(), st.text("\t\n\\tnr\r \"'\0", max_size=8), st.sampled_from(["", "true", "1e5", "null"])
)


@given(TEXTS, TEXTS)
@example("\\t", "a\r")
@example("\\", "\r\r")
@example("a\\\t", "\\n\n")
def test_texts_come_back_as_the_format_reads_them(between: str, last: str) -> None:
    line = as_tsv(integer(1), text(between), text(last))
    events = decode_bytes(decoder_of(Tsv(COLUMNS, headed=False), dict.fromkeys(COLUMNS, NEEDS)), line)
    assert events.rows == 1
    expected = [typed(each) for each in ("1", between, last)]
    assert cells_of(events, COLUMNS, 0) == dict(zip(COLUMNS, expected, strict=True))
