"""What the arguments of a run name by now: regular files, which may come and go, and all that is read once."""

import glob
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from streamstat.common.errors import MissingInputError
from streamstat.input.logs.aside import Aside
from streamstat.input.logs.disk import Identity, Seen, absolute, file_at, folder_of, joined
from streamstat.input.logs.names import age, series
from streamstat.input.sources import Input
from streamstat.input.sources.inputs import STDIN_NAME, NamedBefore, expand


class Arguments:
    """Files and globs, to be looked at again and again. `others` are the inputs that are no regular files.

    Files that are `left_out` are not found if they come later, and archives never are. Raises MissingInputError for
    what is not there, unless `may_be_missing` says that it may come.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        may_be_missing: Callable[[str], bool],
        left_out: Iterable[str],
        aside: Aside,
        streams: Mapping[str, int],
    ) -> None:
        self._streams = {absolute(argument): stream for argument, stream in streams.items()}
        self._left_out, self._aside = {absolute(name) for name in left_out}, aside
        self._seen: dict[str, Seen] = {}  # by name, at the last look
        self._arguments = list(dict.fromkeys(arguments or [STDIN_NAME]))
        self.others: list[Input] = []
        self.missing: list[str] = []
        self.duplicates: list[str] = []
        seen = NamedBefore()
        for argument in self._arguments:
            if not self._names_files_alone(argument, seen):
                self._expand(argument, may_be_missing, seen)

    def _names_files_alone(self, argument: str, seen: NamedBefore) -> bool:
        """Whether all that it names by now are regular files, as it mostly is; a look will find them."""
        files = [(name, file_at(name)) for name in names_of(argument)]
        if not files or any(file is None for _, file in files):
            return False
        stream = self.stream_of(argument)
        for name, file in files:
            if file is not None and seen.has(name, file.identity, stream):
                self.duplicates.append(name)
        return True

    def stream_of(self, argument: str) -> int:
        """The stream that an argument belongs to."""
        return self._streams.get(absolute(argument), 0)

    def name_files_in(self, stream: int) -> bool:
        """Whether an argument of a stream can name a regular file."""
        return self._name_files([each for each in self._arguments if self.stream_of(each) == stream])

    def _expand(self, argument: str, may_be_missing: Callable[[str], bool], seen: NamedBefore) -> None:
        try:
            inputs = expand([argument], [self.stream_of(argument)])
        except MissingInputError:
            if not may_be_missing(absolute(argument)):
                raise
            self.missing.append(argument)
            return
        for one in inputs:
            if seen.has(one.name, one.identity, one.stream):
                self.duplicates.append(one.name)
            elif one.name == STDIN_NAME or file_at(one.name) is None:
                self.others.append(one)

    @property
    def name_files(self) -> bool:
        """Whether any argument can name a regular file."""
        return self._name_files(self._arguments)

    def _name_files(self, arguments: Iterable[str]) -> bool:
        read_once = {one.name for one in self.others}
        return any(glob.has_magic(argument) or argument not in read_once for argument in arguments)

    @property
    def absolute(self) -> Collection[str]:
        """The arguments, told apart from those of other folders."""
        return {absolute(argument) for argument in self._arguments}

    def files(self) -> list[tuple[str, list[Seen]]]:
        """The regular files that each argument names by now."""
        files = [(absolute(argument), self._named(argument)) for argument in self._arguments]
        self._seen = {seen.name: seen for _, named in files for seen in named}
        return files

    def _named(self, argument: str) -> list[Seen]:
        before = self._seen.get
        files = (seen for name in names_of(argument) if (seen := file_at(name, before(name))) is not None)
        return [seen for seen in files if seen.path not in self._left_out and not self._aside.holds(seen)]


def each_once(files: Iterable[tuple[str, list[Seen]]], homes: Collection[str]) -> list[tuple[str, Seen]]:
    """Files in the order of arguments and names, but those that rotation made of a log before it, the oldest first.

    homes: where logs are known to be, if none is there just now.
    """
    found: dict[Identity, tuple[str, Seen]] = {}
    for argument, named in files:
        for seen in in_order(named, homes):
            found.setdefault(seen.identity, (argument, seen))
    return list(found.values())


def names_of(argument: str) -> list[str]:
    """The names that an argument stands for now."""
    if argument == STDIN_NAME:
        return []
    if not glob.has_magic(argument) or os.path.lexists(argument):
        return [argument]
    return sorted(glob.glob(argument, recursive=True), key=os.fsencode)  # noqa: PTH207


def in_order(files: Iterable[Seen], homes: Collection[str]) -> list[Seen]:
    """Logs in the order of the files, each with what rotation made of it in front."""
    logs: dict[tuple[str, str], list[Seen]] = {}
    for seen in files:
        logs.setdefault((folder_of(seen.path), series(seen.base)), []).append(seen)
    return [
        seen for (folder, log), members in logs.items() for seen in _oldest_first(folder, log, members, homes)
    ]


def _oldest_first(folder: str, log: str, members: list[Seen], homes: Collection[str]) -> list[Seen]:
    if joined(folder, log) not in homes and all(seen.base != log for seen in members):
        return members  # there is no log that these were made of
    rotated = [seen for seen in members if seen.base != log]
    rotated.sort(key=lambda seen: (seen.changed_ns, age(seen.base)))
    return rotated + [seen for seen in members if seen.base == log]
