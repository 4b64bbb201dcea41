"""What `merge` is asked for beside what is done with all rows. Light to import: `--help` waits for it."""

from dataclasses import MISSING, dataclass

from streamstat.plan.options import option

_MERGE = ("merge",)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOptions:
    """The options of `streamstat merge`. None: as in the reports."""

    reports: tuple[str, ...] = option(
        MISSING,
        "Input",
        "REPORT",
        "Parquet reports of --states, or the folders of their parts; or of any program, with columns hll_x, hdr_x,"
        " bloom_x.",
        argument=True,
        verbs=_MERGE,
    )
    window: str | None = option(
        None,
        "Windows",
        "SPEC",
        "Windows that those of the reports make up, such as tumbling:1d of hours. Also all; sessions keep their gap.",
        short="w",
        shown="that of the reports",
        verbs=_MERGE,
    )
    timezone: str | None = option(
        None,
        "Windows",
        "ZONE",
        "Zone of days and weeks, and of times in the output.",
        shown="that of the reports",
        verbs=_MERGE,
    )
    origin: str | None = option(
        None,
        "Windows",
        "TIME",
        "A window begins at this time, and all others follow from it.",
        shown="that of the reports",
        verbs=_MERGE,
    )
    by: tuple[str, ...] | None = option(
        None,
        "Rows",
        "FIELD",
        "The groups that stay, of those of the reports; '' for none. Repeat it, or separate them by commas.",
        short="b",
        shown="all that the reports have",
        verbs=_MERGE,
    )
