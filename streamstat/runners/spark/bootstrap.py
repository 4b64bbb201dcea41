"""What begins each task: it finds this package in the archive that came with the job, and hands the batches on.

Spark is given these functions as code, not by name, as nothing of this package can be imported before they have run:
so they import nothing at the top, and take texts only.
"""

from collections.abc import Callable, Iterator
from typing import Any


def from_archive(archive: str, module: str, function: str, text: str) -> Callable[[Any], Iterator[Any]]:
    """The task that a function of a module makes of a text, with the package of an archive of Spark's."""

    def run(batches: Any) -> Iterator[Any]:
        import sys
        from importlib import import_module

        from pyspark import SparkFiles

        folder = SparkFiles.get(archive)
        if folder not in sys.path:
            sys.path.insert(0, folder)
        yield from getattr(import_module(module), function)(text)(batches)

    return run
