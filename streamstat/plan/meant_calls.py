"""What was meant by a text that is no call, or calls what there is not: a call that works as it is typed."""

import difflib
import re
from decimal import Decimal, InvalidOperation

from streamstat import aggregates
from streamstat.common.errors import UsageError
from streamstat.common.registry import load, names
from streamstat.common.units import shown
from streamstat.expressions import compile_expression, is_field
from streamstat.plan.calls import Call

EXAMPLE_FIELD = "latency_ms"
_RANKED_FIELD = "route"  # what is asked for by the number that ranks it
_OTHER_CALLS = {  # what other tools call it, by the call that is meant; `x` and `by` stand for the arguments
    "mean(x)": "avg average arithmetic_mean amean",
    "median(x)": "med median_exact medianexact approx_median median_approx mediantdigest",
    "distinct(x)": "dcount dc estdc nunique n_unique ndistinct n_distinct count_distinct countdistinct distinct_count"
    " countd unique uniq uniqexact uniqcombined approx_distinct approx_count_distinct cardinality hll",
    "stddev(x)": "std stdev stddev_samp stddev_pop standard_deviation sd",
    "var(x)": "variance var_samp var_pop",
    "top(x, 1)": "mode",
    "top(x, 10)": "topk top_k approx_top_k most_frequent most_common value_counts common frequent",
    "max(x)": "maximum highest largest greatest",
    "min(x)": "minimum lowest smallest least",
    "sum(x)": "total sums summation add",
    "count()": "n len length size num number events records lines rows frequency freq",
    "rate()": "per_second eps rps qps throughput",
    "first(x)": "first_value earliest oldest any any_value",
    "last(x)": "last_value latest newest",
    "histogram(x)": "hist histo buckets",
    "members(x)": "bloom bloom_filter",
    "arg_max(x, by)": "argmax max_by maxby last_by lastby latest_by",
    "arg_min(x, by)": "argmin min_by minby first_by firstby earliest_by",
    "values(x)": "list set collect collect_set collect_list array_agg list_agg listagg string_agg group_concat"
    " groupuniqarray grouparray make_set make_list makeset makelist distinct_values unique_values uniq_values",
}
_SHORT = re.compile(r"p[0-9]+(?:\.[0-9]*)?")
_QUANTILES = re.compile(
    r"(?:approx_)?(?:quantiles?|percentiles?|perc|pct|pctl)(?:_cont|_disc|_approx|exact)?|tdigest|[qp]"
)
_BARE = re.compile(
    r"\s*([^\s=()]+\s*=(?!=)\s*)?([A-Za-z][\w.]*)(?:[\s:]+(?!if\b)([\w.@/$-]+))?(\s+if\s.+)?\s*", re.DOTALL
)
_SEVERAL = re.compile(r"\s*([A-Za-z][\w.]*(?:\s*,\s*[A-Za-z][\w.]*)+)(?:\s+([\w.@/$-]+))?\s*")
_SQL_DISTINCT = re.compile(r"distinct(?=[\s(])\s*\(?\s*(.+?)\s*\)?", re.DOTALL | re.IGNORECASE)


def meant_call(function: str, arguments: tuple[str, ...] = ()) -> str | None:
    """The call that is meant by a function that there is not, with its arguments; None if nobody knows.

    >>> meant_call("percentile", ("took", "95")), meant_call("AVG", ("took",)), meant_call("frobnicate", ())
    ('p95(took)', 'mean(took)', None)
    """
    word, there = function.lower(), names(aggregates)
    if word in ("count_if", "countif"):
        return f"count() if {_condition(arguments)}"
    digits = re.search(r"_?([0-9]+(?:\.[0-9]+)?)(?:th)?$", word)
    if word != "p" and _QUANTILES.fullmatch(word[: digits.start()] if digits else word):
        asked = [digits[1]] if digits else [each for each in arguments if _number(each) is not None]
        return f"{_percentile(asked[0] if asked else '0.5')}({_argument(arguments)})"
    if word in there:
        return _with_argument(word, arguments)
    for call, words in _OTHER_CALLS.items():
        if word in words.split():
            return call.replace("(x, by", f"({_ranked(arguments)}").replace("(x", f"({_argument(arguments)}")
    return None


def refuse_no_call(call: Call) -> None:
    """UsageError for a call of a function that there is not, where it is known which one is meant."""
    known = call.function in names(aggregates) or _SHORT.fullmatch(call.function) is not None
    sql = _SQL_DISTINCT.fullmatch(", ".join(call.arguments))
    if sql and (known or call.function.lower() == "count"):
        raise _refused(
            call, f"{call.text}: distinct is a call of its own", f"distinct({_argument((sql[1],))})"
        )
    if call.function.lower() == "count" and call.arguments == ("*",):
        raise _refused(call, f"{call.text}: * is no field", "count()")
    if not known and (meant := meant_call(call.function, _without_distinct(call.arguments))) is not None:
        raise _refused(call, f"there is no {call.function!r}", meant)


def refuse_words(text: str) -> None:
    """UsageError for words that are no call, where it is known which one is meant: `p99`, `avg latency`."""
    if (several := _SEVERAL.fullmatch(text)) is not None:
        _refuse_several(text, [each.strip() for each in several[1].split(",")], several[2])
    if (found := _BARE.fullmatch(text)) is None:
        return
    name, function, argument, condition = (each or "" for each in found.groups())
    meant = example_call(function, argument)
    raise UsageError("--agg", f"{shown(text)} is no call", f"for example '{name}{meant}{condition}'")


def example_call(function: str, argument: str) -> str:
    """A call that works, for the words of one.

    >>> example_call("p99", ""), example_call("avg", "latency"), example_call("cuont", ""), example_call("took", "")
    ('p99(latency_ms)', 'mean(latency)', 'count()', 'p99(took)')
    """
    arguments = (argument,) if argument else ()
    if _SHORT.fullmatch(function) is not None:
        return f"{function}({_argument(arguments)})"
    near = difflib.get_close_matches(function.lower(), names(aggregates), 1, 0.75)
    meant = meant_call(function, arguments) or (near and _with_argument(near[0], arguments))
    return meant or f"p99({_argument(() if argument else (function,))})"


def _refuse_several(text: str, functions: list[str], argument: str | None) -> None:
    """UsageError for `p50,p99`, where all take the argument that they would share."""
    shared = _argument(() if argument is None else (argument,))
    if all(example_call(each, shared) == f"{each}({shared})" for each in functions):
        raise UsageError(
            "--agg", f"{shown(text)} is no call", f"for example '{','.join(functions)}({shared})'"
        )


def _refused(call: Call, problem: str, meant: str) -> UsageError:
    name = f"{call.name}=" if call.name else ""
    condition = f" if {call.condition}" if call.condition else ""
    return UsageError("--agg", problem, f"did you mean '{name}{meant}{condition}'?")


def _without_distinct(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The arguments without the word of SQL in front of the first, as in `array_agg(distinct user)`."""
    sql = _SQL_DISTINCT.fullmatch(arguments[0]) if arguments else None
    return arguments if sql is None else (sql[1], *arguments[1:])


def _with_argument(function: str, arguments: tuple[str, ...]) -> str:
    kind = load(aggregates, function)
    if hasattr(kind, "ranking"):
        return f"{function}({_ranked(arguments)})"
    return f"{function}({_argument(arguments) if arguments or kind.argument == 'required' else ''})"


def _ranked(arguments: tuple[str, ...]) -> str:
    """What is asked for, and the number that ranks it."""
    return f"{_argument(arguments[:1], _RANKED_FIELD)}, {_argument(arguments[1:])}"


def _argument(arguments: tuple[str, ...], example: str = EXAMPLE_FIELD) -> str:
    """What is aggregated: the first argument that is no number, if it can be read."""
    for text in arguments:
        if _number(text) is None and _is_readable(text):
            return text
        if is_field(text) and _number(text) is None:
            return f'field("{text}")'
    return example


def _condition(arguments: tuple[str, ...]) -> str:
    return arguments[0] if arguments and _is_readable(arguments[0]) else "status >= 500"


def _is_readable(text: str) -> bool:
    try:
        compile_expression(text, "")
    except UsageError:
        return False
    return True


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _percentile(text: str) -> str:
    """The short call of a share or of a percentage."""
    number = _number(text) or Decimal("0.5")
    percentage = number * 100 if number <= 1 else number
    return f"p{percentage.normalize():f}" if 0 <= percentage <= 100 else "p50"
