"""Files by path: regular files, FIFOs, devices and process substitutions."""

import os
import stat

from streamstat.input.sources import Input, Source, Stop
from streamstat.input.sources.descriptors import source_of_descriptor


def file_input(path: str | os.PathLike[str], status: os.stat_result | None = None) -> Input:
    """The file at this path as an input; `status` if it was asked for already.

    Regular files and FIFOs have an identity, so that one of them under two names is read once.
    """
    name = os.fspath(path)
    status = status or os.stat(name)  # noqa: PTH116  (to Path, "" is the working directory)
    repeatable = not (stat.S_ISREG(status.st_mode) or stat.S_ISFIFO(status.st_mode))

    def open_it(stop: Stop) -> Source:
        return open_file(name, stop)

    identity = None if repeatable else (status.st_dev, status.st_ino)
    return Input(name, open_it, identity, size=status.st_size if stat.S_ISREG(status.st_mode) else None)


def open_file(path: str, stop: Stop) -> Source:
    """Open one file for reading; raises OSError.

    Without O_NONBLOCK the opening of a FIFO would wait for its writer, where no stop could reach it; the wait
    for the first bytes does that instead.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        return source_of_descriptor(descriptor, stop, owned=True)
    except OSError:
        os.close(descriptor)
        raise
