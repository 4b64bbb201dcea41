"""Columns of rows, for expressions over them."""

from collections.abc import Iterable, Mapping

from streamstat import kernels
from streamstat.engine.asides import times_of
from streamstat.engine.columns import Columns
from streamstat.engine.views.batches import NO_TIME
from streamstat.expressions import Expression
from streamstat.input.events import BlockDecoder
from streamstat.plan.job import Job
from streamstat.values.columns import I64, U8, Need


class RowColumns:
    """Makes columns of rows that are lines.

    wanted: what is needed of their fields. evaluated: expressions over them, some of which may ask for whole rows.
    """

    def __init__(self, job: Job, wanted: Mapping[str, Need], evaluated: Iterable[Expression]) -> None:
        self._job, self.needs = job, with_numbers(wanted) if job.numeric_text else wanted
        fields = [(path, int(need)) for path, need in self.needs.items()]
        if any(each.asks_written for each in evaluated):
            fields.append(("", int(Need.WRITTEN)))
        self._fields = fields

    def of(self, block: U8, times: I64) -> Columns:
        """The columns of a block with a line for each of these times: when a row had changed."""
        decoder = BlockDecoder(self.needs, kernels.JsonDecoder(self._fields, self._job.times))
        found = decoder.decode(block)
        if found.rows != len(times):
            raise ValueError("rows: a text that is none")
        columns = Columns(found)
        columns.times = times_of(found, self._job, (times, times != NO_TIME))
        return columns


def evaluated_needs(expressions: Iterable[Expression]) -> dict[str, Need]:
    """What expressions need that are evaluated."""
    wanted: dict[str, Need] = {}
    for expression in expressions:
        for path, need in expression.fields.items():
            want(wanted, path, need)
    return wanted


def want(wanted: dict[str, Need], path: str, need: Need) -> None:
    """This is needed, too."""
    wanted[path] = wanted.get(path, Need.NOTHING) | need


def with_numbers(wanted: Mapping[str, Need]) -> Mapping[str, Need]:
    """Texts that spell numbers are read as these, too."""
    return {path: need | Need.NUMERIC for path, need in wanted.items()}
