"""Options that say what a run is carried out by: this process, or Apache Spark."""

from dataclasses import dataclass

from streamstat.common.errors import UsageError
from streamstat.plan.options import option

RUNNERS = ("local", "spark")
_OF_RUN = ("run",)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerSettings:
    """What runs a plan, and where."""

    runner: str = option(
        "local",
        "Run",
        "NAME",
        "What reads the inputs: local, which is this process, or spark, the tasks of a cluster. streamstat help spark"
        " says when that is worth it.",
        verbs=_OF_RUN,
    )
    master: str | None = option(
        None,
        "Run",
        "URL",
        "With --runner spark: the cluster, such as spark://host:7077, yarn, or local[8] for this machine.",
        shown="that of spark-submit, else local[*]",
        verbs=_OF_RUN,
    )
    conf: tuple[str, ...] = option(
        (),
        "Run",
        "KEY=VALUE",
        "With --runner spark: a setting of Spark, such as spark.executor.memory=4g. Repeat it for more.",
        verbs=_OF_RUN,
    )

    @property
    def on_spark(self) -> bool:
        """Whether Spark runs it."""
        return self.runner == "spark"

    def spark_conf(self) -> dict[str, str]:
        """The settings of Spark by name; UsageError for one without a value."""
        found = {}
        for text in self.conf:
            name, equals, value = text.partition("=")
            if not (name and equals):
                problem = f"{text!r} is no setting"
                raise UsageError("--conf", problem, "for example --conf spark.executor.memory=4g")
            found[name] = value
        return found


def check_runner(chosen: RunnerSettings) -> None:
    """UsageError for a runner that there is not, and for options of Spark without it."""
    if chosen.runner not in RUNNERS:
        raise UsageError("--runner", f"there is no runner {chosen.runner!r}", "choose local or spark")
    for option_given, value in (("--master", chosen.master), ("--conf", chosen.conf)):
        if value and not chosen.on_spark:
            raise UsageError(option_given, "means nothing without --runner spark", "add --runner spark")
