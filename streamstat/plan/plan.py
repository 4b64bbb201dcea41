"""What was asked for, as texts: the options that decide a result. Light to import: `--help` waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Self

from streamstat.plan.options import Own, common, option, options_of

RUN = ("run",)
option_of_report = partial(option, of_report=True)
option_of_run = partial(option, of_report=True, verbs=RUN)
option_of_rows = partial(
    option, of_report=True, verbs=(*RUN, "merge")
)  # of those of windows, whatever made them
OF_GROUPS = ("run", "match")  # the verbs whose rows are of groups
OF_ROWS = (*OF_GROUPS, "view")  # and that which may group rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The options that decide a result, as texts; `None` is "not given". Those of `streamstat run`, where no `own` are.

    >>> Plan(window="hopping:5m/1m", by=["country"], agg=["p99(latency_ms)"]).agg
    ('p99(latency_ms)',)
    """

    input: str = common(
        "auto",
        "Input",
        "FORMAT",
        "Format of the inputs: ndjson, json, csv, tsv, logfmt, combined, common, w3c, syslog, cri, re:PATTERN, or a"
        " log_format of nginx in quotes. auto tells it by the first records of each.",
        short="i",
    )
    columns: str | None = common(
        None, "Input", "NAMES", "The columns of a csv or tsv that has no heading, such as ts,host,status."
    )
    separator: str | None = common(None, "Input", "C", "What stands between the cells of a csv, such as ';'.")
    unwrap: str | None = common(
        None,
        "Input",
        "FIELD",
        "Where the text of FIELD holds a JSON object, its fields stand beside the others, as in Docker's log.",
    )
    each: str | None = common(
        None,
        "Input",
        "PATH",
        "An event is an element of the array at PATH, with the fields around it. Comes behind --unwrap.",
    )
    time: Sequence[str] = common(
        (),
        "Time",
        "FIELD",
        "The field that tells when the event happened, or an expression that does. Repeat it for more: the first that"
        " is there and can be read counts.",
        short="t",
        shown="one of those that streamstat help times names, by the first event that has any",
    )
    sent: str | None = common(
        None,
        "Time",
        "FIELD",
        "When the device sent it, by its own clock. Together with --received this corrects that clock.",
    )
    received: str | None = common(None, "Time", "FIELD", "When the server got it.")
    offset_by: str | None = common(
        None,
        "Time",
        "FIELD",
        "Correct a clock by the least that --received lies behind --sent among the events of one FIELD, such as a"
        " device, within an hour: so time in transit does not count.",
    )
    time_unit: str = common(
        "auto",
        "Time",
        "UNIT",
        "Unit of times that are numbers: auto, s, ms, us or ns. auto goes by their size.",
    )
    time_format: Sequence[str] = common(
        (),
        "Time",
        "PATTERN",
        "strptime pattern of times, such as '%d.%m.%Y %H:%M:%S'. Repeat it for more. What none fits is read as without"
        " it.",
    )
    year: int | None = common(
        None,
        "Time",
        "YEAR",
        "Of times that name no year: that of the first event. Every other gets the year that brings it nearest to the"
        " event before it.",
        least=1,
        most=9999,
    )
    input_timezone: str = common("UTC", "Time", "ZONE", "Zone of times that are texts and name none.")
    earliest: str | None = common(
        None,
        "Time",
        "TIME",
        "An event before this time has none; where there is --received, that is taken instead.",
    )
    max_ahead: str | None = common(
        None,
        "Time",
        "DURATION",
        "Refuse an event whose time is later than --received by more than this, or than now, with --follow, --state"
        " or --now and no --received. inf refuses none.",
        shown="1h with --received, --follow or --state",
    )
    delay: str | None = option(
        None,
        "Time",
        "DURATION",
        "How far the watermark stays behind the newest event. With inf windows fire at the end of input.",
        shown="inf; 10s with --follow or --state",
    )
    producer: str | None = common(
        None,
        "Time",
        "FIELD",
        "Keep a watermark for each value of FIELD. The one that is furthest behind counts.",
    )
    idle: str | None = option(
        None, "Time", "DURATION", "A producer that is this far behind the newest no longer counts."
    )
    punctuation: str | None = option(
        None,
        "Time",
        "FIELD",
        "A line with this field is a promise: no event before that time comes any more.",
    )
    window: str = option_of_run(
        "tumbling:1m",
        "Windows",
        "SPEC",
        "tumbling:1m, hopping:5m/1m (size/hop), sliding:5m, session:30m (gap) or all. Whole d and w are days of"
        " --timezone.",
        short="w",
    )
    timezone: str = common("UTC", "Windows", "ZONE", "Zone of days and weeks, and of times in the output.")
    origin: str | None = option(
        None,
        "Windows",
        "TIME",
        "A window begins at this time, and all others follow from it.",
        shown="1970-01-01; weeks begin on Monday",
        verbs=RUN,
    )
    fill: bool = option_of_rows(
        False, "Windows", "", "Also write windows without events, for each group from its first window on."
    )
    late: str = option_of_run(
        "drop",
        "Windows",
        "POLICY",
        "What a late event does: drop, or update or retract its published window.",
    )
    allowed_lateness: str | None = option_of_run(
        None,
        "Windows",
        "DURATION",
        "With --late update or retract: how long a published window can be corrected.",
    )
    by: Sequence[str] = option_of_report(
        (),
        "Rows",
        "FIELD",
        "Group by FIELD or NAME=EXPR. Repeat it, or separate them by commas.",
        short="b",
        verbs=OF_ROWS,
    )
    agg: Sequence[str] = option_of_report(
        (),
        "Rows",
        "CALL",
        "[NAME=]CALL [if EXPR], such as 'p99(latency_ms)' or 'errors=count() if status >= 500'. Repeat it for more"
        " columns.",
        short="a",
        shown="count()",
        verbs=OF_ROWS,
    )
    where: str | None = option_of_report(
        None,
        "Rows",
        "EXPR",
        "Count only events for which this holds. The others still move the watermark.",
    )
    since: str | None = option_of_report(
        None,
        "Rows",
        "TIME",
        "Count only events from this time on: a time, or now, today or yesterday with +DURATION or -DURATION behind,"
        " such as now-2h. The others still move the watermark.",
    )
    until: str | None = option_of_report(
        None, "Rows", "TIME", "Count only events before this time, given as for --since."
    )
    unique: Sequence[str] = option_of_report(
        (),
        "Rows",
        "FIELD",
        "Count an event once: leave out those whose FIELD has a value that was counted before, such as the id of an"
        " event that is delivered twice. With several fields, separated by commas, their values together.",
    )
    unique_for: str | None = option_of_report(
        None,
        "Rows",
        "DURATION",
        "With --unique: forget a value when the watermark is past its event by more than this.",
        shown="until no event of that time could be counted",
    )
    share: Sequence[str] = option_of_rows(
        (),
        "Rows",
        "NAME=COLUMN",
        "Add a column: the row's part of the sum of COLUMN over all rows of its window.",
    )
    column: Sequence[str] = option_of_rows(
        (),
        "Rows",
        "NAME=EXPR",
        "Add a column computed from the others of the row, such as 'ratio=errors / requests'. Repeat it for more.",
    )
    completeness: bool = option_of_run(
        False,
        "Rows",
        "",
        "Add final: whether events, not the end of input, have completed the window. With --producer also producers,"
        " how many were heard from in it, and silent, a list of the others.",
    )
    having: str | None = option_of_report(
        None,
        "Rows",
        "EXPR",
        "Only rows for which this holds, such as 'errors > 10'; all columns can be named.",
        verbs=("run", "view", "merge"),
    )
    order: Sequence[str] = option_of_rows(
        (),
        "Rows",
        "COLUMN",
        "Order the rows of each window by COLUMN, the largest first with -COLUMN. Separate several by commas. Nulls"
        " come last.",
    )
    limit: int | None = option_of_rows(None, "Rows", "N", "Only the first N rows of each window.", least=1)
    numeric_text: bool = option(
        False, "Rows", "", "Texts that are spelt as JSON numbers are numbers, in every field."
    )
    max_groups: int | None = option_of_run(
        None,
        "Rows",
        "N",
        "Keep the first N different groups. Events of all others count together, in a group of nulls with true in the"
        " column overflow.",
        shown="no limit",
        least=1,
    )
    sketches: bool = option_of_rows(
        False, "Output", "", "Also write the state of each sketch, in Parquet: hll_x, hdr_x, bloom_x."
    )
    states: bool = option_of_rows(
        False, "Output", "", "Also write the exact state of each aggregate, in Parquet, for streamstat merge."
    )

    own: Own | None = None  # what another verb than `run` asks for

    def __post_init__(self) -> None:
        for name in ("by", "agg", "time", "time_format", "unique", "share", "column", "order"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
        if not self.agg and self.own is None:
            object.__setattr__(self, "agg", ("count()",))

    @property
    def verb(self) -> str:
        """The verb that was asked for."""
        return "run" if self.own is None else self.own.verb

    @property
    def named(self) -> dict[str, Any]:
        """All options by their names, with those that the verb has for itself."""
        told = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "own"}
        if self.own is None:
            return told
        return told | {"verb": self.verb} | self.own.named

    @classmethod
    def from_toml(cls, path: str | Path) -> Self:
        """Read a plan from a TOML file; keys are the long options, with `-` or `_`. ConfigError names what is wrong."""
        from streamstat.plan.toml import options_in

        return cls(
            **options_in(path, {each.key: each.type for each in options_of(cls) if "run" in each.verbs})
        )
