"""What is no expression is refused in one line with a hint, however hostile; and what one word means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamstat.common.errors import UsageError
from streamstat.expressions import compile_condition, compile_expression, compile_field_or_expression
from streamstat.values.columns import Need

REFUSED = [
    ("", "for example"),
    ("response-time > 5", 'field("response-time")'),
    ("a.response-time-ms + 1", 'field("a.response-time-ms")'),
    ("2 * response-time", 'field("response-time")'),
    ("response-time/1000", 'field("response-time")'),
    ("@timestamp", 'field("@timestamp")'),
    ("user.class", 'field("user.class")'),
    ("is-bot == true", 'field("is-bot")'),
    ("status = 500", "=="),
    ("a && b", "and"),
    ("!a", "not"),
    ("status >=", "for example"),
    ("x ** 2", "+ - * /"),
    ("x | y", "and, or, not"),
    ("~x", "and, or, not"),
    ("lambda: x", "there are"),
    ("[x for x in y]", "there are"),
    ("(x := 1)", "there are"),
    ("f'{x}'", "there are"),
    ("x['a']", 'field("user.id")'),
    ("(1, 2)", "in"),
    ("x == (1, 2)", "in"),
    ('x in "KR"', "contains"),
    ("x in y", "contains"),
    ("x is 5", "=="),
    ("x is None is None", "and"),
    ("1j", "for example"),
    ("b'a'", "for example"),
    ("...", "for example"),
    ("1e400", "beyond double"),
    ("1" + "0" * 400, "beyond double"),
    ("9" * 5000, "beyond double"),
    ("open('/etc/passwd')", "unknown function open"),
    ("x.__class__()", "unknown function __class__"),
    ('startwith(x, "a")', "did you mean startswith?"),
    ("x.field('a')", "unknown function field"),
    ("contains(x)", "for example contains(path"),
    ("contains(x, y)", "in quotes"),
    ("contains(x, 1)", "in quotes"),
    ("len(x, y)", "for example len"),
    ("len(*x)", "for example len"),
    ("len(x=1)", "for example len"),
    ("field(x)", "in quotes"),
    ("f(x)(y)", "there are"),
    ('matches(x, "(")', "RE2"),
    (r'matches(x, "(a)\\1")', "RE2"),
    ('matches(x, "((a{999}){999}){999}")', "RE2"),
    ("lower(x).y", "names and dots"),
    ("ﬁeld1 > 1", "spelt otherwise"),
    ("status >=", "ends after >=; for example"),
    ("x and", "ends after and; for example"),
    ("not", "for example status"),
    ("status === 500", "cannot be read from here on: = 500; equality is =="),
    ("status > 500 AND x", "from here on: AND x; and, or, not"),
    ("x IS NULL", "small letters"),
    ("x like 'a'", "contains(path"),
    ("x between 1 and 5", "400 <= status < 500"),
    ("x => 5", "at least is >="),
    ("x ≥ 5", ">=, <= and != are written"),
    ("x == \u201ca\u201d", "straight quotes"),
    ("path =~ '^/a'", "matches(path"),
    ("x ? 1 : 2", '"slow" if latency_ms'),
    ("1 if x", "has if without else"),
    ("took > 10ms", "from here on: 10ms; durations are seconds"),
    ("sent > 1.5MB", "from here on: 1.5MB; sizes are bytes"),
    ("4xx > 5", 'field("4xx")'),
    ("x.1 > 2", "tags[0]"),
    ("$x > 1", 'field("$x")'),
    ("lower(path", "has a ( that is never closed: (path; add )"),
    ("tags[0", "has a [ that is never closed: [0; add ]"),
    ("a) > 5", "has a ) that closes nothing: ) > 5"),
    ('"unclosed', 'has a text that does not end: "unclosed'),
    ("x == 'it's'", "between two quotes"),
    ("x == None", "use is None, is not None"),
    ("None != x", "use is None, is not None"),
    ("1 < x < null", "use is None, is not None"),
    ("int(x)", "number(status)"),
    ("str(x)", "text(status)"),
    ("substr(x, 1)", "substring(path, 0, 4)"),
    ("count() > 3", "an aggregate is a column"),
    ("p95(x) > 3", "an aggregate is a column"),
    ("x[1:2]", "substring(path, 0, 4)"),
    ("x[y]", "written with dots"),
    ("x[true]", "written with dots"),
    ("x[1.0]", "written with dots"),
    ("lower(x)[0]", "names and dots"),
    ("substring(x)", "for example substring(path, 0, 4)"),
    ("substring(x, y)", "a whole number is needed here"),
    ("substring(x, 1.5)", "a whole number is needed here"),
    ("substring(x, true)", "a whole number is needed here"),
    ("substring(x, 2147483648)", "a whole number is needed here"),
    ("round(x, 401)", "more than any number has"),
    ('split(x, "", 1)', "an empty text separates nothing"),
    ('split(x, "/")', "for example split"),
    ("coalesce(x)", "for example coalesce(a, 0)"),
    ("number()", "for example number(status)"),
    ('number(x, "a")', "for example number(status)"),
    ("hour()", "for example hour(event_time)"),
    ('extract(x, "(a")', "missing ) for the ( at character 1, (a"),
    ('extract(x, "a[b")', "missing ] at character 2, [b"),
    ('matches(x, "[(]a(b(c)")', "at character 5, (b(c)"),
    ('matches(x, "[]()]a)")', "unexpected ) at character 7, )"),
    (r'matches(x, "\\(a)")', "unexpected ) at character 4, )"),
    ('replace(x, "a(?=b)", "")', "invalid perl operator at character 2, (?=b)"),
    (r'replace(x, "(a)", "\2")', "the pattern has no group 2"),
    (r'replace(x, "a", "\\")', "not allowed at end"),
    (r'extract(x, "\Qa")', "cannot be looked for"),
    ("x; y", "for example"),
    ("x\ny", "for example"),
    ("x\0", "for example"),
    ("\ud800", "UTF-8"),
    ("a" * 500 + "-b", "response-time"),
    ('matches(x, "(' + "a" * 500 + '")', "RE2"),
]


@pytest.mark.parametrize(("text", "hint"), REFUSED)
def test_what_is_not_in_the_language_is_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        compile_expression(text, "--where")
    message = str(refusal.value)
    assert message.startswith("--where: ") and hint in message
    assert "\n" not in message and len(message) < 400


@pytest.mark.parametrize(
    "text",
    [
        "(" * 60_000,
        "(" * 100 + "x" + ")" * 100,
        "-" * 60_000 + "1",
        "not " * 16_000 + "x",
        "a+" * 30_000 + "a",
        "a." * 30_000 + "a",
        "f(" * 30_000,
        "a<" * 30_000 + "a",
        "[" * 65_000,
        "lambda:" * 9_000 + "1",
        "'" * 65_001,
        "x" * 65_537,
        "한" * 30_000,
        "x > 1" + "1" * 60_000 + "_",
        "a" * 60_000 + ".class",
        "x " + "1." * 30_000,
        "x" + " or x" * 70 + " < 1" * 70 + ")",
        "not " * 64 + "x",
    ],
)
def test_hostile_texts_end_in_one_line(text: str) -> None:
    try:
        compile_expression(text, "--where")
    except UsageError as refusal:
        assert "\n" not in str(refusal) and len(str(refusal)) < 400


def test_depth_is_bounded() -> None:
    assert compile_expression("not " * 63 + "x", "--where").fields == {"x": Need.NOTHING}
    with pytest.raises(UsageError, match="deeper than 64"):
        compile_expression("not " * 64 + "x", "--where")


@pytest.mark.parametrize("text", ["status + 1", '"abc"', "lower(x)", "5", "len(x)"])
def test_a_condition_that_can_never_be_true_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not true or false"):
        compile_condition(text, "--where")


@pytest.mark.parametrize("text", ["status", "not ok", "x is None", "true", "x and y"])
def test_a_condition_that_may_be_true_passes(text: str) -> None:
    assert compile_condition(text, "--where").text == text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("response-time", "response-time"),
        ("@timestamp", "@timestamp"),
        ("user.id", "user.id"),
        ("user.class", "user.class"),
        ("is-bot", "is-bot"),
        ("http-2", "http-2"),
        ("a:b", "a:b"),
        ("$schema", "$schema"),
        ("404", "404"),
        ("true", "true"),
        (' field("a b") ', "a b"),
        ("a/b", "a/b"),
        ("latency_ms/1000", "latency_ms/1000"),
        ("a - b", None),
        ("-x", "-x"),
        ("lower(x)", None),
    ],
)
def test_one_word_of_a_group_is_a_field(text: str, path: str | None) -> None:
    assert compile_field_or_expression(text, "--by").field == path


@pytest.mark.parametrize("text", ["user agent", "a-b /2", "", "a,b"])
def test_a_group_that_could_be_two_things_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--by: "):
        compile_field_or_expression(text, "--by")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text("ax1.-+*/<>=!()[]'\", \\fint", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for compile_text in (compile_expression, compile_field_or_expression):
        try:
            compile_text(text, "--by")
        except UsageError as refusal:
            assert "\n" not in str(refusal)
