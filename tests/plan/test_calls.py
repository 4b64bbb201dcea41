"""Aggregates and groups split into their texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.plan.calls import Call, default_name, parse_call, parse_group, split_commas


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("count()", Call("count()", None, "count", (), {}, None)),
        (" count( ) ", Call("count( )", None, "count", (), {}, None)),
        ("p99.9(latency_ms)", Call("p99.9(latency_ms)", None, "p99.9", ("latency_ms",), {}, None)),
        ("n=count()", Call("count()", "n", "count", (), {}, None)),
        ("p99.9 = p99.9(x)", Call("p99.9(x)", "p99.9", "p99.9", ("x",), {}, None)),
        ("오류-수=count()", Call("count()", "오류-수", "count", (), {}, None)),
        (
            "top(x, 10, scale=1)",
            Call("top(x, 10, scale=1)", None, "top", ("x", "10"), {"scale": "1"}, None),
        ),
        (
            "count() if status >= 500",
            Call("count() if status >= 500", None, "count", (), {}, "status >= 500"),
        ),
        ("count() if(a == b)", Call("count() if(a == b)", None, "count", (), {}, "(a == b)")),
        (
            'e=count(x == ") if ") if y in ("a, b", ")")',
            Call(
                'count(x == ") if ") if y in ("a, b", ")")',
                "e",
                "count",
                ('x == ") if "',),
                {},
                'y in ("a, b", ")")',
            ),
        ),
        (
            r'count(contains(a, "\", ("), b)',
            Call(r'count(contains(a, "\", ("), b)', None, "count", (r'contains(a, "\", (")', "b"), {}, None),
        ),
        (
            "sum((a + b) * (c))",
            Call("sum((a + b) * (c))", None, "sum", ("(a + b) * (c)",), {}, None),
        ),
        ("sum(a == b)", Call("sum(a == b)", None, "sum", ("a == b",), {}, None)),
        ("sum(a <= b)", Call("sum(a <= b)", None, "sum", ("a <= b",), {}, None)),
        (
            "members(x, capacity = 10000)",
            Call("members(x, capacity = 10000)", None, "members", ("x",), {"capacity": "10000"}, None),
        ),
        (
            "sum(a if b else c)",
            Call("sum(a if b else c)", None, "sum", ("a if b else c",), {}, None),
        ),
        (
            "sum(a if b else c) if (d if e else f) > 1",
            Call(
                "sum(a if b else c) if (d if e else f) > 1",
                None,
                "sum",
                ("a if b else c",),
                {},
                "(d if e else f) > 1",
            ),
        ),
        ("sum(iffy if_x)", Call("sum(iffy if_x)", None, "sum", ("iffy if_x",), {}, None)),
    ],
)
def test_calls_are_split_at_what_is_outside_quotes_and_parentheses(text: str, call: Call) -> None:
    assert parse_call(text) == call


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "nothing here"),
        ("n=", "nothing follows n="),
        ("count", r"is no call; for example p99\(latency_ms\)"),
        ("latency ms", "is no call"),
        ("(x)", "is no call"),
        ("=count()", "is no call"),
        ("a==count()", "is no call"),
        ("count(", "is missing at the end"),
        ("count(]", "closes nothing"),
        ("count())", "closes nothing"),
        ("count(')", "is missing at the end"),
        ("count() if x == 'a", "is missing at the end"),
        ("sum(x) / count()", "cannot follow a call"),
        ("count()if x", "cannot follow a call"),
        ("count() iffy", "cannot follow a call"),
        ("count() where x", "cannot follow a call"),
        ("count() if", "nothing follows if"),
        ("count() if ", "nothing follows if"),
        ("count() if \t", "nothing follows if"),
        ("count() iff x", "cannot follow a call"),
        ("top(x,)", "has an empty piece"),
        ("top(,x)", "has an empty piece"),
        ("top(x,,y)", "has an empty piece"),
        ("distinct(x, p=)", "nothing follows p="),
        ("distinct(x, p=1, p=2)", "p= is given twice"),
        ("distinct(p=1, x)", "follows an option"),
        ("count()\n(" + "x" * 1000, "is missing at the end"),
    ],
)
def test_what_is_no_call_is_refused_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as refusal:
        parse_call(text)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 300


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("count()", "count"),
        ("p99.9(latency_ms)", "p99_9_latency_ms"),
        ("count() if status >= 500", "count_if_status_500"),
        ("sum(-x)", "sum_x"),
        ("top(a__b, 10)", "top_a_b_10"),
        ("count(나라)", "count_나라"),
        ("a²-½+x", "a²_½_x"),
        ("__a  b__", "a_b"),
        ("()", ""),
    ],
)
def test_default_names_keep_letters_and_digits(text: str, name: str) -> None:
    assert default_name(text) == name


def test_a_column_has_the_name_given_or_the_default() -> None:
    assert parse_call("errors=count() if status >= 500").column == "errors"
    assert parse_call("count() if status >= 500").column == "count_if_status_500"


@pytest.mark.parametrize(
    ("text", "name", "expression"),
    [
        ("country", None, "country"),
        ("user.id", None, "user.id"),
        ("response-time", None, "response-time"),
        ("@type", None, "@type"),
        ("a-b/c=x", None, "a-b/c=x"),
        ("slow=latency_ms > 500", "slow", "latency_ms > 500"),
        ("slow = a == b", "slow", "a == b"),
        ("lower(country)", None, "lower(country)"),
        ("a >= b", None, "a >= b"),
        ("a == b", None, "a == b"),
        ("a != b", None, "a != b"),
    ],
)
def test_a_group_is_a_field_or_an_expression_with_or_without_a_name(
    text: str, name: str | None, expression: str
) -> None:
    assert parse_group(text) == (name, expression)


@pytest.mark.parametrize("text", ["", " ", "x=", "lower(x", "x=')"])
def test_what_is_no_group_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="for example"):
        parse_group(text)


def test_groups_part_at_commas_outside_quotes_and_parentheses() -> None:
    assert split_commas("a") == ("a",)
    assert split_commas('a ,b=contains(c, "x,y"), field("d,e")') == (
        "a",
        'b=contains(c, "x,y")',
        'field("d,e")',
    )
    for text in ("", "a,", ",a", "a,,b"):
        with pytest.raises(ValueError, match="empty piece"):
            split_commas(text)


names = st.text("abxyz", min_size=1, max_size=4)
literals = st.text("ab\"'\\(),= if한", max_size=8).map(repr)
inner = st.recursive(
    names | literals, lambda deeper: st.builds("f({}, {})".format, deeper, deeper), max_leaves=5
)


@given(
    names | st.none(),
    names,
    st.lists(inner, max_size=3),
    st.dictionaries(names, inner, max_size=2),
    inner | st.none(),
)
def test_what_is_joined_is_split_again(
    name: str | None, function: str, arguments: list[str], options: dict[str, str], condition: str | None
) -> None:
    inside = ", ".join([*arguments, *(f"{option}={value}" for option, value in options.items())])
    text = f"{function}({inside})" + (f" if {condition}" if condition else "")
    call = parse_call(f"{name}={text}" if name else text)
    assert call == Call(text, name, function, tuple(arguments), options, condition)


@given(st.text(max_size=40) | st.text("ab=(),.'\" if\\[]{}", max_size=30))
def test_any_text_is_split_or_refused(text: str) -> None:
    for split in (parse_call, parse_group, split_commas):
        try:
            split(text)
        except ValueError as refusal:
            assert "\n" not in str(refusal)
