"""Whether commands become events: their checks, each of which sees the row of the entity as it is by then."""

from collections.abc import Mapping

import numpy as np

from streamstat.aggregates import Place
from streamstat.engine.sourcing.entities import Entities
from streamstat.engine.sourcing.walking import Commands, Walk, Window
from streamstat.plan.checks import STATE, Check
from streamstat.plan.job import Job
from streamstat.plan.sourcing import CHANGED, Sourced
from streamstat.values.columns import I32, I64, Kind, Mask, Values, integers

SECOND_US = 1_000_000


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

        def decide(window: Window) -> Mask:
            failed[window.places] = found = self._failed(window)
            accepted: Mask = found < 0
            return accepted

        self._walk.walk(entities, commands, np.ones(len(failed), np.bool_), decide)
        return failed

    def _failed(self, window: Window) -> I32:
        """Of each command of a window the first check that is not true."""
        failed = np.full(len(window.places), -1, np.int32)
        others = self._row(window)
        for number, check in enumerate(self._checks):
            holds = self._holds(check, window, others)
            failed[~holds & (failed < 0)] = number
        return failed

    def _holds(self, check: Check, window: Window, others: Mapping[tuple[str, str], Values]) -> Mask:
        commands, condition = window.commands, check.condition
        if check.is_alone:
            return commands.condition(condition)
        fields = {path: commands.field(path) for path in condition.fields}
        n = len(window.places)
        found = condition.evaluate(fields, n, commands.times, others, commands.written)
        holds: Mask = found.values.kinds == Kind.TRUE
        return holds

    def _row(self, window: Window) -> dict[tuple[str, str], Values]:
        """The columns of the row as it is in front of each command; null where there is none."""
        if not self._looked_at:
            return {}
        oldest, newest = window.states.times(window.before)
        lengths = np.where(window.known, newest - np.where(window.known, oldest, 0), 0)
        results = window.states.store.results(Place(window.before, lengths))
        row = {measure.name: column for measure, column in zip(self._measures, results, strict=True)}
        if CHANGED in self._looked_at:
            row[CHANGED] = seconds(newest)
        for name, by in self._groups.items():
            row[name] = window.commands.values(by)
        return {(STATE, name): _where(window, column) for name, column in row.items()}


def _where(window: Window, column: Values) -> Values:
    return Values(np.where(window.known, column.kinds, np.uint8(Kind.NULL)), column.numbers, column.texts)


def seconds(times: I64) -> Values:
    """Times as expressions see them: seconds since the epoch."""
    whole = times % SECOND_US == 0
    if whole.all():
        return integers(times // SECOND_US)
    numbers = np.where(whole, times // SECOND_US, (times / SECOND_US).view(np.int64))
    return Values(np.where(whole, np.uint8(Kind.INTEGER), np.uint8(Kind.DOUBLE)), numbers)
