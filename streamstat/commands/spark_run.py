"""`--runner spark`: what cannot be asked of Spark, and why; and the run that is made of what can."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from streamstat.commands.settings import Settings
from streamstat.common.errors import UsageError
from streamstat.common.record import record
from streamstat.input.detection import choice
from streamstat.input.feed import Limits
from streamstat.input.sources.inputs import Inputs
from streamstat.plan.job import Job
from streamstat.plan.meaning import format_of
from streamstat.runners import Watcher
from streamstat.states import NeedsAll

if TYPE_CHECKING:
    from streamstat.runners.spark.runner import SparkRunner

_IN_ORDER = "needs all events in one order, and the tasks of Spark read them side by side"
_READ_ONCE = "Spark reads its inputs once, and rows come at the end"
_NOT_SPARK = "leave --runner spark out"


@record
class SparkRefusal:
    """An option that cannot be asked of Spark, when it is given, and why."""

    option: str
    is_given: Callable[[Settings, Job], object]
    problem: str
    hint: str = _NOT_SPARK


REFUSALS = (
    SparkRefusal(
        "--window", lambda _, job: job.kept.shape == "trailing", f"sliding {_IN_ORDER}", "use hopping:5m/1m"
    ),
    SparkRefusal("--agg", lambda _, job: _needs_order(job), f"new(x) {_IN_ORDER}", "use distinct(x)"),
    SparkRefusal("--delay", lambda _, job: job.delay_us is not None, _READ_ONCE, "leave --delay out, as inf"),
    SparkRefusal("--producer", lambda _, job: job.producer is not None, _IN_ORDER),
    SparkRefusal("--punctuation", lambda _, job: job.punctuation is not None, _IN_ORDER),
    SparkRefusal("--idle", lambda _, job: job.idle_us is not None, _IN_ORDER),
    SparkRefusal(
        "--late", lambda _, job: job.corrects, f"{_READ_ONCE}, so none is corrected", "use --late drop"
    ),
    SparkRefusal(
        "--max-groups", lambda _, job: job.max_groups is not None, _IN_ORDER, "use --order and --limit"
    ),
    SparkRefusal("--unique", lambda _, job: job.unique, _IN_ORDER),
    SparkRefusal("--follow", lambda chosen, _: chosen.follow, _READ_ONCE),
    SparkRefusal("--state", lambda chosen, _: chosen.state, _READ_ONCE),
    SparkRefusal("--year", lambda _, job: job.clock.year is not None, _IN_ORDER),
    SparkRefusal("--offset-by", lambda _, job: job.clock.device is not None, _IN_ORDER),
    SparkRefusal(
        "--config",
        lambda chosen, _: chosen.tables,
        "Spark makes one report, and there are several",
        "run each by itself",
    ),
)


def check_spark_run(chosen: Settings, job: Job) -> None:
    """UsageError for the first option that cannot be asked of Spark, or for what is not installed."""
    from streamstat.runners.spark.session import check_spark

    for each in REFUSALS:
        if each.is_given(chosen, job):
            raise UsageError(each.option, each.problem, each.hint)
    chosen.spark_conf()  # what is wrong with it is told before what is not installed
    check_spark()


def _needs_order(job: Job) -> bool:
    """Whether a state depends on all events that came before."""
    return any(isinstance(state, NeedsAll) for each in job.measures for state in each.aggregate.states)


def spark_runner(
    chosen: Settings, job: Job, inputs: Inputs, watcher: Watcher, now_us: int | None
) -> "SparkRunner":
    """What runs the one report of a command line on Spark."""
    from streamstat.runners.spark.runner import SparkRunner
    from streamstat.runners.spark.session import RunningSpark

    def session() -> RunningSpark:
        return RunningSpark(chosen.master, chosen.spark_conf())

    choose = choice(format_of(chosen.plan), growing=False)
    limits = Limits(max_expansion=chosen.max_expansion, choose=choose)
    asked = chosen.reports[0].plan, job, inputs, limits, watcher
    return SparkRunner(
        *asked,
        session,
        strict=chosen.strict,
        keeps_lines=chosen.bad_file is not None or chosen.lost_file is not None,
        now_us=now_us,
    )
