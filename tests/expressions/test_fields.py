"""Which texts name a field, which are expressions, and which quotients may be meant as fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamstat.common.errors import UsageError
from streamstat.expressions import (
    compile_field_or_expression,
    is_field,
    one_field,
    unspaced_quotients,
)
from streamstat.expressions.fields import listed_fields


@pytest.mark.parametrize(
    "text",
    [
        "country",
        "user.id",
        "response-time",
        "app.kubernetes.io/name",
        "@timestamp",
        "$schema",
        "a:b",
        "나라",
        "-x",
        "404",
        "true",
        "a/b",
        "tags[0]",
        "tags[-1]",
        "a[0][1].b[2]/c",
    ],
)
def test_letters_digits_and_a_few_characters_name_a_field(text: str) -> None:
    assert is_field(text)
    expression = compile_field_or_expression(f" {text} ", "--by")
    assert (expression.field, expression.text) == (text, text)


@pytest.mark.parametrize(
    "text", ["", " ", "a b", "a / b", "a - b", "a,b", "lower(x)", "x+y", "x*2", 'field("a b")', "a\n", "é e"]
)
def test_any_other_character_makes_an_expression(text: str) -> None:
    assert not is_field(text)


@pytest.mark.parametrize("text", ["[0]", "tags[]", "tags[x]", "tags[1:2]", "tags[+1]", "tags[1.5]", "tags[0"])
def test_only_whole_numbers_step_into_an_array(text: str) -> None:
    assert not is_field(text)


def test_a_field_by_function_keeps_its_name() -> None:
    assert compile_field_or_expression('field("user agent")', "--by").field == "user agent"


def test_options_that_take_fields_alone_part_them_at_commas() -> None:
    assert listed_fields("id", "--unique") == ("id",)
    assert listed_fields('user agent, a+b,"q"', "--unique") == ("user agent", "a+b", '"q"')
    for text in ("", " ", "a,", ",a", "a,,b"):
        with pytest.raises(UsageError, match=r"--unique: .* has an empty field; for example --unique id"):
            listed_fields(text, "--unique")


def test_an_option_that_takes_one_field_refuses_two() -> None:
    assert one_field(" user agent ", "--producer") == "user agent"
    with pytest.raises(
        UsageError, match="--producer: takes one field, and a,b names 2; for example --producer a"
    ):
        one_field("a,b", "--producer")


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("a", ()),
        ("a/b", (("a", "b"),)),
        (" a/b ", (("a", "b"),)),
        ("app.kubernetes.io/name == 1", (("app.kubernetes.io", "name"),)),
        ("a/b/c", (("a", "b", "c"),)),
        ("2/a/b", (("a", "b"),)),
        ("a/b/2", (("a", "b"),)),
        ("c * a/b", (("a", "b"),)),
        ("a/b * c", (("a", "b"),)),
        ("-a/b", (("a", "b"),)),
        ("a/b + a/b - d/e", (("a", "b"), ("d", "e"))),
        ("(x >\na/b)", (("a", "b"),)),
        ("나라/도시 > 1", (("나라", "도시"),)),
        ("a / b", ()),
        ("a /b", ()),
        ("a/2", ()),
        ("a//b", ()),
        ('x == "a/b"', ()),
        ("len(a)/b", ()),
        ("(a)/b", ()),
    ],
)
def test_names_around_a_slash_without_spaces_are_found(text: str, runs: tuple[tuple[str, ...], ...]) -> None:
    assert unspaced_quotients(text) == runs


@given(st.text("ab./ *-(\n)", max_size=20))
def test_quotients_stand_in_the_text_as_they_are_found(text: str) -> None:
    try:
        runs = unspaced_quotients(text)
    except UsageError:
        return
    assert all("/".join(run) in text and all(run) for run in runs)
