"""Queries that are read by their form are those that are read by themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.common.errors import UsageError
from streamstat.expressions import compile_condition
from streamstat.expressions.forms import QueryReader
from streamstat.expressions.programs import UNKNOWN, program, program_bytes

texts = st.text(st.sampled_from("ab '\"\\#-\x01\x02\x00é\n"), max_size=5)
quoted = texts.map(repr) | st.sampled_from(
    ['"a" "b"', 'r"a"', '"""a"""', "''", '"zqx0xqz"', '"#"', '"it\'s"']
)
numbers = st.sampled_from(
    [
        "0",
        "7",
        "-7",
        "- 7",
        "007",
        "1.5",
        "1e3",
        "0x1f",
        "1_000",
        "12345678901234567890",
        "8070450532247928000",
    ]
)
literals = quoted | numbers | st.sampled_from(["true", "None"])
fields = st.sampled_from(["x", "y1", "z.a", 'field("a b")', "tags[0]"])

atoms = st.one_of(
    st.builds("{} {} {}".format, fields, st.sampled_from(["==", "<", ">=", "!="]), literals),
    st.builds("{} < {} <= {}".format, numbers, fields, numbers),
    st.builds("{} in ({}, {})".format, fields, literals, literals),
    st.builds("{} in ({})".format, fields, literals),
    st.builds("words({}, {})".format, fields, quoted),
    st.builds("anywhere({})".format, quoted),
    st.builds("{}.startswith({})".format, fields, quoted),
    st.builds("matches({}, {})".format, fields, quoted),
    st.builds("substring({}, {}) == {}".format, fields, numbers, quoted),
    st.builds("{} + {} > {}".format, fields, numbers, numbers),
    st.builds("{} == {} # {}".format, fields, literals, quoted),
    literals,
)
conditions = st.lists(atoms, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" and ", " or ", " and not "]).map(lambda word: word.join(parts))
)


@settings(max_examples=600, deadline=None)
@given(st.lists(conditions, min_size=1, max_size=8))
def test_what_was_read_before_changes_nothing(conditions: list[str]) -> None:
    reader = QueryReader()
    for text in conditions:
        try:
            expression = compile_condition(text, "--query")
        except UsageError as error:
            with pytest.raises(UsageError) as found:
                reader.read(text, "--query")
            assert str(found.value) == str(error)
            continue
        stored = reader.read(text, "--query")
        pieces = program(expression.node, lambda path: reader.fields[path])
        assert stored.program == program_bytes(pieces)
        assert (stored.expression is None) == (UNKNOWN not in pieces)
        assert expression.fields.keys() <= reader.needs.keys()
        assert all(reader.needs[path] & need == need for path, need in expression.fields.items())
        assert reader.asks_written >= expression.asks_written


def test_a_form_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(text: str, place: str) -> object:
        read.append(text)
        return compile_condition(text, place)

    monkeypatch.setattr("streamstat.expressions.forms.compile_condition", noted)
    reader = QueryReader()
    for i in range(100):
        reader.read(f'service == "s{i}" and took > {i} and not words(msg, "w{i}")', "--query")
    assert len(read) == 1
