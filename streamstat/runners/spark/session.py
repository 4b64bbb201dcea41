"""A session of Spark: the one that runs already, as under spark-submit, or one of our own; and that it is quiet."""

import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, mkstemp
from typing import Any

import pyarrow as pa

from streamstat.common.errors import ReadWriteError, UsageError
from streamstat.runners.spark import bootstrap
from streamstat.runners.spark.archive import write_archive
from streamstat.runners.spark.bootstrap import from_archive
from streamstat.runners.spark.job_graph import JobGraph, Task

_SPARK_OPTION = "--runner spark"
# Of a session of our own, unless --conf has them.
_DEFAULTS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.maxResultSize": "0",  # rows are as many as a report has
    "spark.log.level": "ERROR",
    "spark.executorEnv.PYTHONWARNINGS": "ignore",
}
# Of our queries: batches of Arrow are held whole, and each shuffle has as many parts as it was asked for.
_OF_QUERIES = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(16 << 20),
    "spark.sql.adaptive.enabled": "false",
}


def check_spark() -> None:
    """UsageError with what to install, where Spark cannot run."""
    if find_spec("pyspark") is None:
        raise UsageError(_SPARK_OPTION, "Spark takes another package", "pip install 'streamstat[spark]'")
    if not _is_submitted() and _java() is None:
        hint = "install it (Debian: apt install openjdk-17-jre-headless), or set JAVA_HOME"
        raise UsageError(_SPARK_OPTION, "Spark needs Java 17 or newer, and there is none", hint)


class RunningSpark:
    """A session, and where the words of its own JVM go: to a file, which stays where something has failed."""

    def __init__(self, master: str | None, conf: Mapping[str, str]) -> None:
        # What pyspark has to say of the versions of other packages is no business of a reader of rows.
        warnings.filterwarnings("ignore", module="pyspark")
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        self._log: Path | None = None
        self._is_own = SparkContext._active_spark_context is None
        builder: Any = SparkSession.builder
        if self._is_own:
            self._log = _new_log() if not _is_submitted() else None
            with _told_to(self._log):
                context = self._begun(builder.appName("streamstat"), master, conf).sparkContext
        else:
            context = builder.getOrCreate().sparkContext
        self.context: Any = context
        self.context.setLogLevel("ERROR")
        self.spark: Any = builder.getOrCreate().newSession()  # settings of queries are not those of others
        own = {name: value for name, value in conf.items() if name.startswith("spark.sql.")}
        for name, value in {**_OF_QUERIES, **own}.items():
            with suppress(Exception):  # of a version that does not know it, or one that is given at the start
                self.spark.conf.set(name, value)

    def _begun(self, builder: Any, master: str | None, conf: Mapping[str, str]) -> Any:
        if master is not None:
            builder = builder.master(master)
        elif not _is_submitted() and "spark.master" not in conf:
            builder = builder.master("local[*]")
        for name, value in {**_DEFAULTS, **conf}.items():
            builder = builder.config(name, value)
        try:
            return builder.getOrCreate()
        except Exception as error:
            raise self.failure(error) from None

    @property
    def split_bytes(self) -> int:
        """How much of a file a task of Spark reads."""
        text = self.spark.conf.get("spark.sql.files.maxPartitionBytes")
        return int(self.context._jvm.org.apache.spark.network.util.JavaUtils.byteStringAsBytes(text))

    def table(self, graph: JobGraph) -> pa.Table:
        """What comes of a job, in no order."""
        parts, keys = graph.parts, graph.keys
        reducers = min(parts, self.context.defaultParallelism) if keys else 1
        with TemporaryDirectory(prefix="streamstat-") as folder:
            archive = self._add_archive(write_archive(Path(folder)))
            numbers = self.spark.range(0, parts, 1, parts)
            pieces = numbers.mapInArrow(_by_value(archive, graph.read), graph.read.columns)
            brought = pieces.repartition(reducers, *keys).sortWithinPartitions(*graph.order)
            return brought.mapInArrow(_by_value(archive, graph.join), graph.join.columns).toArrow()

    def _add_archive(self, archive: Path) -> str:
        """Have all machines unpack it; the name of its folder there."""
        name = archive.stem
        if not any(str(each).endswith(f"#{name}") for each in self.context.listArchives):
            self.context.addArchive(f"{archive}#{name}")
        return name

    def cancel(self) -> None:
        """End what it is at work on."""
        self.context.cancelAllJobs()

    def failure(self, error: BaseException) -> ReadWriteError:
        """What Spark has failed with, as one line."""
        log, self._log = self._log, None
        hint = "" if log is None else f"its log is {log}"
        return ReadWriteError("spark", _reason(error), hint)

    def stop(self) -> None:
        """End it, if it is our own."""
        if self._is_own:
            with suppress(Exception):
                self.spark.stop()
        if self._log is not None:
            self._log.unlink(missing_ok=True)


def _by_value(archive: str, task: Task) -> Callable[[Any], Iterator[Any]]:
    """A task as Spark can carry it to where nothing of this package is."""
    from pyspark import cloudpickle

    cloudpickle.register_pickle_by_value(bootstrap)
    return from_archive(archive, task.module, task.function, task.text)


def _is_submitted() -> bool:
    """Whether spark-submit has begun this process, and a JVM with it."""
    return "PYSPARK_GATEWAY_PORT" in os.environ


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=f"{home}/bin" if home else None)


def _new_log() -> Path:
    descriptor, name = mkstemp(prefix="streamstat-spark-", suffix=".log")
    os.close(descriptor)
    return Path(name)


@contextmanager
def _told_to(log: Path | None) -> Iterator[None]:
    """A JVM that is begun in here writes to this file what it would write to stdout and stderr, then and later."""
    if log is None:
        yield
        return
    kept = {number: os.dup(number) for number in (1, 2)}
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
    try:
        for number in kept:
            os.dup2(descriptor, number)
        yield
    finally:
        for number, before in kept.items():
            os.dup2(before, number)
            os.close(before)
        os.close(descriptor)


def _reason(error: BaseException) -> str:
    """The line of a failure that says most: of a Python task the last one of its traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if "Error" in line and not line.startswith(("at ", "File "))]
    return (told or lines or [type(error).__name__])[-1 if told else 0]
