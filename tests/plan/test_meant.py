"""Words of other tools, for calls and for options: the hint is right, or there is none."""

import pytest

from streamstat import aggregates
from streamstat.commands.unknown import unknown_option
from streamstat.common.errors import UsageError
from streamstat.common.registry import names
from streamstat.plan.meant_calls import _OTHER_CALLS, meant_call
from streamstat.plan.meant_options import _OTHER_OPTIONS, meant_options
from streamstat.plan.measures import measures_of


@pytest.mark.parametrize("word", [word for words in _OTHER_CALLS.values() for word in words.split()])
def test_every_call_that_is_meant_works_when_it_is_typed(word: str) -> None:
    for arguments in ((), ("took",), ("took", "95"), ("user-id",), ("lower(x)", "3")):
        meant = meant_call(word, arguments)
        assert meant is not None
        assert measures_of(meant)[0].name


@pytest.mark.parametrize(
    ("function", "arguments", "meant"),
    [
        ("avg", ("x",), "mean(x)"),
        ("Mean", ("x",), "mean(x)"),
        ("COUNT", ("x",), "count(x)"),
        ("percentile", (), "p50(latency_ms)"),
        ("percentile", ("0.95", "x"), "p95(x)"),
        ("percentile_disc", ("x", "0.999"), "p99.9(x)"),
        ("approx_quantile", ("x", "1"), "p100(x)"),
        ("percentile", ("x", "950"), "p50(x)"),
        ("tdigest", ("x",), "p50(x)"),
        ("perc95", ("x",), "p95(x)"),
        ("P99.9", ("x",), "p99.9(x)"),
        ("p95th", ("x",), "p95(x)"),
        ("stdev", ("a + b",), "stddev(a + b)"),
        ("stdev", ("a-b",), 'stddev(field("a-b"))'),
        ("stdev", ("(",), "stddev(latency_ms)"),
        ("countif", ("x > 1",), "count() if x > 1"),
        ("countif", (), "count() if status >= 500"),
        ("frobnicate", ("x",), None),
        ("p", ("x",), None),
    ],
)
def test_a_call_that_is_meant_has_what_was_given(
    function: str, arguments: tuple[str, ...], meant: str | None
) -> None:
    assert meant_call(function, arguments) == meant


@pytest.mark.parametrize("name", names(aggregates))
def test_a_name_alone_is_shown_as_a_call_that_works(name: str) -> None:
    with pytest.raises(UsageError) as refusal:
        measures_of(name)
    example = refusal.value.hint.removeprefix("for example ").strip("'")
    assert example.startswith(f"{name}(") or name == "quantile"  # whose share has to be chosen, as in p50
    assert measures_of(example)[0].name


def test_no_word_stands_for_a_call_or_option_of_its_own_name() -> None:
    for table in (_OTHER_CALLS, _OTHER_OPTIONS):
        for meant, words in table.items():
            assert meant.partition("(")[0].replace("_", "-") not in words.split()


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("limit", {"late", "limit"}, ["limit"]),
        ("limit", {"late", "time", "time_unit"}, []),
        ("top", {"output", "type", "limit"}, ["limit"]),
        ("top", {"output", "type"}, []),
        ("sort", {"order", "strict"}, ["order"]),
        ("GROUP_BY", {"by"}, ["by"]),
        ("from", {"since", "inputs"}, ["since", "inputs"]),
        ("from", {"inputs", "format"}, ["inputs"]),
        ("input-format", {"input", "input_timezone"}, ["input"]),
        ("input-format", {"time_format", "format"}, []),
        ("sep", {"separator"}, ["separator"]),
        ("delimiter", {"delay"}, []),
        ("thread", {"threads", "where", "max_ahead"}, ["threads"]),
        ("dely", {"delay"}, ["delay"]),
        ("foo", {"follow", "format"}, []),
        ("x" * 10_000, {"follow"}, []),
    ],
)
def test_an_option_is_meant_or_none_is(word: str, known: set[str], meant: list[str]) -> None:
    assert meant_options(word, known) == meant


def test_an_unknown_option_is_told_with_what_it_takes() -> None:
    assert unknown_option("--lat", "run").hint == "did you mean --late-file FILE or --late POLICY?"
    assert unknown_option("--from", "run").hint.endswith(
        "an input needs no option: streamstat run access.ndjson"
    )
    assert unknown_option("--frobnicate", "state").hint == "streamstat state --help shows all there are"
    assert unknown_option("--limit", "--limit").hint == "streamstat --help shows all there are"
