"""Laws of what is asked of events and rows, on any stream: a question leaves some of what is there without it."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Options, Result, run
from oracle.lines import BadLine, Value, lookup, read_object
from oracle.questions import Row
from tools.questions import CONDITIONS
from tools.strategies import WINDOWS, StreamCase, cases

EVERY_WINDOW = tuple(WINDOWS)
streams = settings(max_examples=150, deadline=None, print_blob=True)
BEFORE_DUPLICATE = (
    "lines",
    "blank",
    "bad",
    "punctuation",
    "no_time",
    "future",
    "filtered",
    "watermark",
    "max_lateness",
)


def asked_options(case: StreamCase, **options: object) -> Options:
    return replace(case.options, **options)  # type: ignore[arg-type]


def asked(case: StreamCase, **options: object) -> Result:
    return run(case.inputs, asked_options(case, **options))


@streams
@given(cases(windows=EVERY_WINDOW), st.sampled_from(CONDITIONS[:6]))
def test_report_holds_the_rows_that_pass_and_no_others(case: StreamCase, pattern: str) -> None:
    condition = pattern.format("n", "s")
    given = {"agg": ["n=count()", "s=sum(v)"], "column": [f"holds={condition}"]}
    given |= {"share": [], "order": []}
    whole, some = (asked(case, **given, limit=None, having=having) for having in (None, condition))
    assert without_revision(some.report) == [
        row for row in without_revision(whole.report) if row["holds"] is True
    ]
    assert books(some) == books(whole)


def books(result: Result) -> dict[str, object]:
    """What becomes of lines."""
    return {name: n for name, n in result.ledger.items() if name not in ("corrections", "retractions")}


def without_revision(rows: list[Row]) -> list[Row]:
    return [{name: cell for name, cell in row.items() if name != "revision"} for row in rows]


@streams
@given(cases(windows=EVERY_WINDOW))
def test_without_a_delay_the_first_of_each_counts(case: StreamCase) -> None:
    """W stays at the beginning, so nothing is forgotten: a stream without the repeats gives the same rows.

    But for `producers` and `silent`: a repeat is heard of, though it does not count. And for `max_groups`: events
    between windows take places, repeats of others do not.
    """
    assume(not (case.options.completeness and case.options.producer) and case.options.max_groups is None)
    apart = asked_options(case, unique=["id"], unique_for=None, delay=None, punctuation=None, offset_by=None)
    plain = replace(apart, unique=[])
    assert run(case.inputs, apart).report == run(firsts(case, plain), plain).report


def firsts(case: StreamCase, options: Options) -> list[list[bytes]]:
    """The inputs without the lines whose id was counted before; whether a line counts does not depend on others."""
    known: set[Value] = set()
    kept: list[list[bytes]] = []
    for lines in case.inputs:
        kept.append([])
        for line in lines:
            alone = run([line], options).ledger
            value = id_of(line) if alone["counted"] else None
            if value is None or value not in known:
                kept[-1].append(line)
            known |= {value} if value is not None else set()
    return kept


def id_of(line: bytes) -> Value | None:
    try:
        value = lookup(read_object(line.removeprefix(b"\xef\xbb\xbf")), "id")
    except BadLine:
        return None
    return None if value is None or value.kind == "null" else value


@streams
@given(cases(windows=EVERY_WINDOW))
def test_repeats_change_nothing_but_what_is_counted(case: StreamCase) -> None:
    plain, unique = asked(case, unique=[], unique_for=None), asked(case, unique=["id"])
    for name in BEFORE_DUPLICATE:
        assert plain.ledger[name] == unique.ledger[name]
    assert unique.ledger["counted"] <= plain.ledger["counted"]  # type: ignore[operator]


@streams
@given(cases(windows=("tumbling", "hopping", "all"), wild=False))
def test_shares_of_a_window_are_one_together(case: StreamCase) -> None:
    assume(case.options.late == "drop")
    rows = asked(
        case, agg=["n=count()"], share=["part=n"], column=[], having=None, order=["-n"], limit=None
    ).report
    for window in {ends(row) for row in rows}:
        same = [row for row in rows if ends(row) == window]
        if any(row["n"] for row in same):
            parts = [Fraction(str(row["part"])) for row in same]
            assert parts == sorted(parts, reverse=True) and abs(sum(parts, Fraction(0)) - 1) < Fraction(
                1, 10**12
            )
        else:
            assert [row["part"] for row in same] == [None] * len(same)


@streams
@given(cases(windows=("tumbling", "hopping", "all")), st.integers(1, 3))
def test_limit_keeps_the_first_rows_of_each_window(case: StreamCase, limit: int) -> None:
    assume(case.options.late == "drop")
    whole, few = asked(case, limit=None).report, asked(case, limit=str(limit)).report
    expected = []
    for i, row in enumerate(whole):
        same = [other for other in whole[:i] if ends(other) == ends(row)]
        expected += [row] if len(same) < limit else []
    assert expected == few


def ends(row: Row) -> tuple[object, object]:
    return row["window_start"], row["window_end"]
