"""How far the rows of reports have come: told to a watcher where it has grown."""

from streamstat.engine.engine import Engine
from streamstat.runners import Watcher


class Promises:
    """Of the reports that promise, the last time that was promised.

    An engine that goes on begins with what the run before it has promised: that follows from its state.
    """

    def __init__(self, engine: Engine, watcher: Watcher) -> None:
        self._watcher = watcher
        self._reports = [report for report in engine.reports if report.job.promises]
        self._last = [report.promise for report in self._reports]

    def tell(self) -> None:
        """Tell what has grown; all rows so far have been told."""
        for i, report in enumerate(self._reports):
            if (promise := report.promise) > self._last[i]:
                self._last[i] = promise
                self._watcher.promised(report.number, promise)
