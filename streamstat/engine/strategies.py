"""The ways to keep a stream, by the shape of what is kept."""

from importlib import import_module
from typing import Any

from streamstat.engine.strategy import Strategy
from streamstat.plan.job import Job

STRATEGIES = {  # by shape the module and the class of each; loaded when it is wanted, as a run starts with one
    "panes": ("streamstat.engine.panes.panes", "Panes"),
    "sessions": ("streamstat.engine.sessions.sessions", "Sessions"),
    "trailing": ("streamstat.engine.trailing.trailing", "Trailing"),
    "patterns": ("streamstat.engine.patterns.matching", "Matching"),
    "search": ("streamstat.engine.search.searching", "Searching"),
    "joins": ("streamstat.engine.joins.joining", "Joining"),
    "sourced": ("streamstat.engine.sourcing.sourcing", "Sourcing"),
    "inspection": ("streamstat.engine.inspection.inspecting", "Inspecting"),
    "views": ("streamstat.engine.views.viewing", "Viewing"),
}


def strategy_of(job: Job, *kept: Any) -> Strategy:
    """The one that keeps the stream of a job, over its keys, states and rows."""
    module, name = STRATEGIES[job.kept.shape]
    strategy: Strategy = getattr(import_module(module), name)(job, *kept)
    return strategy
