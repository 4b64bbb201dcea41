"""The verbs of the command line: what each is for, how it is used, and which options it has."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from streamstat.commands.chart_settings import ChartSettings
from streamstat.commands.settings import HelpSettings, Settings, StateSettings
from streamstat.common.record import record
from streamstat.plan.inspect_options import InspectOptions
from streamstat.plan.join_options import JoinOptions
from streamstat.plan.match_options import MatchOptions
from streamstat.plan.merge_options import MergeOptions
from streamstat.plan.options import READS, Option, Own, options_of
from streamstat.plan.plan import Plan
from streamstat.plan.search_options import SearchOptions
from streamstat.plan.view_options import ViewOptions

EXIT_CODES = (
    "0 done, 2 usage, 65 unacceptable input, 66 no input, 73 cannot create, 74 read or write error, 75 state in use,"
    " 78 bad config or state, 130/141/143 ended by INT/PIPE/TERM.",
    "INT and TERM end a run after the current line: with --follow or --state as if the input had ended; else stdout"
    " gets the rows so far, and report files stay unchanged.",
)


@record
class Verb:
    """A verb. `kinds` are the dataclasses whose fields are its options, `about` and `endings` are paragraphs."""

    name: str
    usage: str
    about: str
    kinds: tuple[type, ...]
    examples: tuple[str, ...]
    endings: tuple[str, ...] = ()
    own: type[Own] | None = None  # the options of a plan that no other verb has
    prepared: Callable[[Mapping[str, Any]], dict[str, Any]] = dict  # what the options as given stand for

    @property
    def reads_events(self) -> bool:
        """Whether it runs a plan over a stream of events."""
        return Plan in self.kinds and self.name in READS

    def plan(self, options: Mapping[str, Any]) -> Plan:
        """A plan of these options, by the fields that hold them; those of no plan are left out."""
        own = None
        if self.own is not None:
            kind: Any = self.own
            names = {each.name for each in fields(kind)}
            own = self.own(**{name: value for name, value in options.items() if name in names})
        return Plan(**_among(options, Plan), own=own)

    @property
    def options(self) -> list[Option]:
        """The options that it has."""
        return [each for each in options_of(*self.kinds) if self.name in each.verbs]

    def members(self, group: str) -> list[Option]:
        """The options of a group, those that are typed most first."""
        found = (each for each in self.options if each.group == group)
        return sorted(found, key=lambda one: not (one.is_argument or one.short))


def with_queries(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of `search` with the queries of its file, whose reader only a run needs."""
    from streamstat.plan.query_file import with_file

    return with_file(options)


def with_named_sides(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of `join` with its sides, which inputs are named by."""
    from streamstat.plan.sides import with_sides

    return with_sides(options)


def _among(options: Mapping[str, Any], kind: type) -> dict[str, Any]:
    names = {each.holder for each in options_of(kind)}
    return {name: value for name, value in options.items() if name in names}


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "run",
            "[OPTIONS] [INPUT]...",
            "Group events by window and key, and aggregate. Rows go to stdout or -o; each comes when its window fires.",
            (Settings, Plan),
            (
                "streamstat run access.ndjson",
                "streamstat run -w hopping:5m/1m -b route -a 'p99(latency_ms)' -o report.csv 'logs/*.ndjson.gz'",
                "streamstat run -w tumbling:1h --since yesterday -b route --order -count --limit 10 access.ndjson",
                "tail -F app.log | streamstat run -w tumbling:10s --delay 5s -b level -a 'count()'",
            ),
            EXIT_CODES,
        ),
        Verb(
            "match",
            "[OPTIONS] PATTERN -d NAME=EXPR ... --within D [INPUT]...",
            "Find patterns in time: events of a group that follow each other, or that do not come. A row tells a match,"
            " as soon as the watermark has passed its last event.",
            (MatchOptions, Settings, Plan),
            (
                "streamstat match 'fail{5,} -> ok' -d 'fail=event == \"failed\"' -d 'ok=event == \"success\"'"
                " --within 10m -b user auth.ndjson",
                "streamstat match 'order -> !paid' -d 'order=type == \"order\"' -d 'paid=type == \"payment\"'"
                " --within 30m -b order_id -a 'first(order.amount)' shop.ndjson",
                "streamstat match 'here -> there' -d 'here=country is not None' -d 'there=country != here.country'"
                " --within 1h -b user -a 'last(here.country)' -a 'last(there.country)' logins.ndjson",
            ),
            EXIT_CODES,
            MatchOptions,
        ),
        Verb(
            "search",
            "[OPTIONS] [QUERIES.toml] [INPUT]...",
            "Hold every event against many stored queries. Each query that an event meets gives a row, as soon as the"
            " event has been read.",
            (SearchOptions, Settings, Plan),
            (
                "streamstat search -q 'errors=status >= 500' -q 'disk=anywhere(\"disk full\")' app.ndjson",
                "streamstat search alerts.toml -s host=host -s text=message -f ndjson 'logs/*.ndjson.gz'",
                "tail -F app.log | streamstat search alerts.toml --queries ask --state alerts.state",
            ),
            EXIT_CODES,
            SearchOptions,
            with_queries,
        ),
        Verb(
            "join",
            "[OPTIONS] NAME=INPUT ... --on FIELD (--within D | --as-of)",
            "Join two streams: events with equal keys whose times are near, or each event with the newest of the other"
            " side by then. The side that is named first is the left one.",
            (JoinOptions, Settings, Plan),
            (
                "streamstat join searches=searches.ndjson clicks=clicks.ndjson --on query_id --within 0s..30m"
                " --kind left -s query=searches.text -s url=clicks.url",
                "streamstat join orders=orders.ndjson prices=prices.ndjson --on sku --as-of -s 'paid=orders.n *"
                " prices.price'",
                "streamstat join --side 'asked=type == \"request\"' --side 'answered=type == \"response\"' --on id"
                " --within 30s --kind anti app.ndjson",
            ),
            EXIT_CODES,
            JoinOptions,
            with_named_sides,
        ),
        Verb(
            "view",
            "[OPTIONS] [INPUT]...",
            "Keep the present rows of a table from the log of its changes. A report is replaced by them as they stand;"
            " with --changelog stdout gets each change as it is applied.",
            (ViewOptions, Settings, Plan),
            (
                "streamstat view --key id customers.ndjson -o customers.csv",
                "streamstat view --changes debezium --as-of yesterday -s city=address.city 'logs/*.ndjson.gz'",
                "streamstat view --key id -b country -a 'count()' -a 'max(age)' customers.ndjson",
                "tail -F cdc.ndjson | streamstat view --changelog -f ndjson",
            ),
            EXIT_CODES,
            ViewOptions,
        ),
        Verb(
            "inspect",
            "[OPTIONS] [INPUT]...",
            "Show what is in a log, before you ask: its format, times and fields, how far out of order it comes, and a"
            " command to go on with.",
            (InspectOptions, Settings, Plan),
            (
                "streamstat inspect access.ndjson",
                "streamstat inspect --sent sent_at --received received_at --offset-by device_id events.ndjson",
                "zcat app.log.gz | streamstat inspect --json",
            ),
            (
                "0 done, 2 usage, 65 unacceptable input, 66 no input, 74 read or write error, 130/141/143 ended by"
                " INT/PIPE/TERM.",
            ),
            InspectOptions,
        ),
        Verb(
            "merge",
            "[OPTIONS] REPORT...",
            "Make one report of several, as of one run over all their events: of longer windows, many hosts, or fewer"
            " groups.",
            (MergeOptions, Plan, Settings),
            (
                "streamstat merge -w tumbling:1d hours/*.parquet -o day.parquet --states",
                "streamstat merge web1.parquet web2.parquet web3.parquet -b route",
                "streamstat merge -w tumbling:1d -b '' day/*.parquet -f vertical",
            ),
        ),
        Verb(
            "chart",
            "[OPTIONS] REPORT... -o PATH",
            "Draw saved reports: a page with charts and a table, or a picture.",
            (ChartSettings,),
            (
                "streamstat chart report.csv -o report.html",
                "streamstat chart --chart heatmap monday.parquet tuesday.parquet -o latency.svg",
            ),
        ),
        Verb(
            "state",
            "[--json] DIR",
            "Show what is inside a state: inputs and positions, watermarks, what is open, outputs, sizes, last commit.",
            (StateSettings,),
            ("streamstat state hourly.state",),
        ),
        Verb(
            "help",
            "[TOPIC]",
            "Explain a topic, such as windows, times or recipes.",
            (HelpSettings,),
            ("streamstat help", "streamstat help windows"),
        ),
    )
}
