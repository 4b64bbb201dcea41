"""Whether commands become events: their checks, each of which sees the row of the entity as it is by then."""

from collections.abc import Mapping

import numpy as np

from streamstat.aggregates import Place
from streamstat.engine.sourcing.entities import Entities
from streamstat.engine.sourcing.walking import Commands, Leg, Walk
from streamstat.plan.checks import STATE, Check
from streamstat.plan.job import Job
from streamstat.plan.sourcing import CHANGED, Sourced
from streamstat.values.columns import I32, I64, Kind, Mask, Values, integers

_SECOND_US = 1_000_000


class Judge:
    """The checks of a job. Only the columns that they look at are computed."""

    def __init__(self, job: Job, sourced: Sourced, widest: int) -> None:
        self.names = tuple(each.name for each in sourced.checks)
        self._checks, self._looked_at = sourced.checks, sourced.looked_at
        self._measures = tuple(each for each in job.measures if each.name in self._looked_at)
        self._groups = {each.name: each.by for each in job.groups if each.name in self._looked_at}
        self._walk = Walk(self._measures, widest)

    def judge(self, entities: Entities, commands: Commands) -> I32:
        """Of each command the number of the first check that is not true; -1: all are."""
        failed = np.full(len(commands.rows), -1, np.int32)

        def decide(leg: Leg) -> Mask:
            failed[leg.places] = found = self._failed(leg)
            accepted: Mask = found < 0
            return accepted

        self._walk.walk(entities, commands, np.ones(len(failed), np.bool_), decide)
        return failed

    def _failed(self, leg: Leg) -> I32:
        """Of each command of a leg the first check that is not true."""
        failed = np.full(len(leg.places), -1, np.int32)
        others = self._row(leg)
        for number, check in enumerate(self._checks):
            holds = self._holds(check, leg, others)
            failed[~holds & (failed < 0)] = number
        return failed

    def _holds(self, check: Check, leg: Leg, others: Mapping[tuple[str, str], Values]) -> Mask:
        commands, condition = leg.commands, check.condition
        if check.is_alone:
            return commands.condition(condition)
        fields = {path: commands.field(path) for path in condition.fields}
        n = len(leg.places)
        found = condition.evaluate(fields, n, commands.times, others, commands.written)
        holds: Mask = found.values.kinds == Kind.TRUE
        return holds

    def _row(self, leg: Leg) -> dict[tuple[str, str], Values]:
        """The columns of the row as it is in front of each command; null where there is none."""
        if not self._looked_at:
            return {}
        oldest, newest = leg.states.times(leg.before)
        lengths = np.where(leg.known, newest - np.where(leg.known, oldest, 0), 0)
        results = leg.states.store.results(Place(leg.before, lengths))
        row = {measure.name: column for measure, column in zip(self._measures, results, strict=True)}
        if CHANGED in self._looked_at:
            row[CHANGED] = seconds(newest)
        for name, by in self._groups.items():
            row[name] = leg.commands.values(by)
        return {(STATE, name): _where(leg, column) for name, column in row.items()}


def _where(leg: Leg, column: Values) -> Values:
    return Values(np.where(leg.known, column.kinds, np.uint8(Kind.NULL)), column.numbers, column.texts)


def seconds(times: I64) -> Values:
    """Times as expressions see them: seconds since the epoch."""
    whole = times % _SECOND_US == 0
    if whole.all():
        return integers(times // _SECOND_US)
    numbers = np.where(whole, times // _SECOND_US, (times / _SECOND_US).view(np.int64))
    return Values(np.where(whole, np.uint8(Kind.INTEGER), np.uint8(Kind.DOUBLE)), numbers)
