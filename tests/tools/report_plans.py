"""Several reports of one pass: drawn, written as a configuration, and each as the run of its own that it equals."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from oracle import Options

from tools.strategies import WINDOWS, StreamCase, cases, options

OF_A_REPORT = (
    *("window", "by", "agg", "where", "since", "until", "unique", "unique_for"),
    *("share", "column", "having", "order", "limit"),
    *("late", "allowed_lateness", "fill", "completeness", "max_groups", "sketches"),
)
NUMBERS = ("limit", "max_groups", "year")
ASIDE = ("now",)  # a clock, which the reference alone is given
OF_THE_RUN = (  # one pass for all: buckets up to `future`, and what clocks did
    *("lines", "blank", "bad", "punctuation", "no_time", "future"),
    *("uncorrected", "clock_jumps", "max_lateness"),
)


@dataclass(frozen=True)
class ReportsCase:
    """A stream with the options at the top, and of each report those that a report has; the others are unused."""

    stream: StreamCase
    reports: Mapping[str, Options]

    @property
    def own_runs(self) -> dict[str, Options]:
        """Of each report the options of the run that it must equal."""
        return reports_of(self.stream.options, self.reports)

    def toml(self, outputs: Mapping[str, Sequence[str]]) -> str:
        """The configuration: what stands at the top, then a table a report, which writes to these outputs."""
        texts = [_written(self.stream.options, without=OF_A_REPORT)]
        for name, report in self.reports.items():
            texts.append(f"[report.{name}]\noutput = {json.dumps(list(outputs[name]))}\ncsv_raw = true\n")
            texts.append(_written(report, only=OF_A_REPORT))
        return "".join(texts)


def reports_of(top: Options, reports: Mapping[str, Options]) -> dict[str, Options]:
    """Each report as a run of its own: with the options at the top, and those that a report has.

    >>> reports_of(Options(time="ts", window="all"), {"a": Options(by=["k"])})["a"].to_command()
    ['--by', 'k', '--time', 'ts']
    """
    return {
        name: replace(top, **{key: getattr(report, key) for key in OF_A_REPORT})
        for name, report in reports.items()
    }


def _written(options: Options, only: Sequence[str] = (), without: Sequence[str] = ()) -> str:
    """The options that are given, as TOML: JSON's texts, numbers and lists are TOML's too."""
    given = {name: value for name, value in vars(options).items() if value != getattr(Options(), name)}
    lines = []
    for name, value in given.items():
        if name not in (*without, *ASIDE) and (not only or name in only):
            lines.append(
                f"{name} = {int(value) if name in NUMBERS else json.dumps(value, ensure_ascii=False)}\n"
            )
    return "".join(lines)


@st.composite
def reports_cases(draw: st.DrawFn) -> ReportsCase:
    """One stream and two or three reports of it."""
    stream = draw(cases(windows=tuple(WINDOWS)))
    zone, count = stream.options.timezone, draw(st.integers(2, 3))
    shared = options(windows=tuple(WINDOWS), timezone=zone, producers=[stream.options.producer])
    reports = {f"r{i}": draw(shared) for i in range(count)}
    if any(
        report.window[-1] in "dw" for report in reports.values()
    ):  # of civil days an origin is another thing
        stream = replace(stream, options=replace(stream.options, origin=None))
    return ReportsCase(stream, reports)
