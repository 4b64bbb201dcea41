"""Windowed stream analytics over logs of many formats: `run(plan, inputs)` gives a table of result rows.

>>> from streamstat import Plan, run
>>> plan = Plan(window="tumbling:1m", by=["country"], agg=["count()", "p99(latency_ms)"], time="ts")
>>> lines = b'{"ts": 0, "country": "KR", "latency_ms": 7}\\n{"ts": 90, "country": "KR", "latency_ms": 9}\\n'
>>> run(plan, [lines]).column("p99_latency_ms").to_pylist()
[7.0, 9.0]
"""

TYPE_CHECKING = (
    False  # as in `typing`, which takes a while to import: until the program has begun, a Ctrl-C shows
)
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from typing import Any

    import pyarrow as pa

    from streamstat.common.errors import ConfigError as ConfigError
    from streamstat.common.errors import InputError as InputError
    from streamstat.common.errors import MissingInputError as MissingInputError
    from streamstat.common.errors import ReadWriteError as ReadWriteError
    from streamstat.common.errors import StreamstatError as StreamstatError
    from streamstat.common.errors import UsageError as UsageError
    from streamstat.plan.plan import Plan as Plan

_ERRORS = (
    "ConfigError",
    "InputError",
    "MissingInputError",
    "ReadWriteError",
    "StreamstatError",
    "UsageError",
)
__all__ = [*_ERRORS, "Plan", "__version__", "run"]


def run(
    plan: "Plan",
    inputs: "Iterable[Any] | str | os.PathLike[str] | bytes",
    *,
    threads: int | None = None,
    strict: bool = False,
    changelog: bool = False,
) -> "pa.Table":
    """Run a plan over inputs and give its result rows as a `pyarrow.Table`, in the order in which they are published.

    inputs: paths (globs too), bytes, binary streams, iterables of bytes, or one of them; of a join such by the names of
    its sides. changelog: with `late`
    `update` or `retract`, every publication with its `kind`, as on stdout; otherwise each window once, as in a report
    file.
    The schema's metadata holds the ledger. Raises StreamstatError: UsageError for a plan that cannot be, InputError for
    an unreadable line with `strict` and where no line is an event or no event has a time, ReadWriteError for inputs
    that cannot be read to their end.
    """
    from streamstat.api import run_to_table

    return run_to_table(plan, inputs, threads, strict, changelog)


def __getattr__(name: str) -> "Any":
    """Imports on demand: the command line must not wait for what `--help` does not need."""
    if name == "Plan":
        from streamstat.plan.plan import Plan

        return Plan
    if name in _ERRORS:
        from streamstat.common import errors

        return getattr(errors, name)
    if name == "__version__":
        from importlib.metadata import version

        return version("streamstat")
    raise AttributeError(f"module 'streamstat' has no attribute {name!r}")
