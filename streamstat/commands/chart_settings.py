"""What a command line of `streamstat chart` says."""

from dataclasses import MISSING, dataclass

from streamstat.plan.options import option


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartSettings:
    """What `streamstat chart` is asked for."""

    reports: tuple[str, ...] = option(
        MISSING,
        "Input",
        "REPORT",
        "Saved reports: CSV, TSV, NDJSON, JSON or Parquet, also compressed, or the folder of parts of a --state; - for"
        " stdin. Several with the same columns are drawn as one.",
        argument=True,
        verbs=("chart",),
    )
    output: tuple[str, ...] = option(
        (),
        "Output",
        "PATH",
        "What to draw: .html, .svg or .png. Repeat it for more.",
        short="o",
        verbs=("chart",),
    )
    chart: str | None = option(
        None,
        "Output",
        "KIND",
        "lines, bars, heatmap, bands or ranked.",
        shown="what fits the columns",
        verbs=("chart",),
    )
