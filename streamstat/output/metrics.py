"""Columns as metrics and labels of Prometheus: which is which, and the names they have there. Knows no sink."""

import re
from collections.abc import Sequence

from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.common.terminal import printable
from streamstat.values.columns import ColumnType, ResultField

PREFIX = "streamstat_"
WINDOW_END = "streamstat_window_end_seconds"
NUMERIC_TYPES = (ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.ANY)


@record
class Metrics:
    """labels, gauges: the name of each column that is one, by the number of the column."""

    labels: dict[int, str]
    gauges: dict[int, str]


def metrics_of(fields: Sequence[ResultField], groups: Sequence[str]) -> Metrics:
    """What the columns of a report are; UsageError if two of them would have one name.

    groups: the names of the columns that tell groups apart. A column of any type is a gauge where it holds numbers.

    >>> kinds = ResultField("user.id", ColumnType.ANY), ResultField("count", ColumnType.INTEGER)
    >>> metrics_of(kinds, ["user.id"])
    Metrics(labels={0: 'user_id'}, gauges={1: 'streamstat_count'})
    """
    labels: dict[int, str] = {}
    gauges: dict[int, str] = {}
    for i, field in enumerate(fields):
        if field.name in groups:
            labels[i] = label_name(field.name)
        elif field.type in NUMERIC_TYPES:
            gauges[i] = PREFIX + _valid(field.name)
    names = [field.name for field in fields]
    _check_apart("--by", "label", [(names[i], label) for i, label in labels.items()])
    metrics = [("window_end", WINDOW_END), *((names[i], gauge) for i, gauge in gauges.items())]
    _check_apart("--agg", "metric", metrics)
    return Metrics(labels, gauges)


def label_name(column: str) -> str:
    """The column as a label: no digit first, nor two underscores, which Prometheus keeps for itself.

    >>> label_name("app.kubernetes.io/name"), label_name("2xx"), label_name("__name__")
    ('app_kubernetes_io_name', '_2xx', '_name__')
    """
    valid = re.sub("^__+", "_", _valid(column))
    return f"_{valid}" if valid[:1].isdigit() else valid


def _valid(name: str) -> str:
    return re.sub("[^a-zA-Z0-9_]+", "_", name)


def _check_apart(option: str, noun: str, named: Sequence[tuple[str, str]]) -> None:
    before: dict[str, str] = {}
    for column, name in named:
        if name in before:
            both = f"{printable(before[name])} and {printable(column)}"
            value = "'other=count()'" if option == "--agg" else "other=FIELD"
            raise UsageError(option, f"{both} would be one {noun}, {name}", f"for example {option} {value}")
        before[name] = column
