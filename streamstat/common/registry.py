"""Names to plug-ins: a plug-in is one file in a folder, the file's name is its name, and it is imported when named."""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any


@cache
def names(folder: ModuleType) -> tuple[str, ...]:
    """What a folder of plug-ins holds, in order of name.

    >>> from streamstat import windows
    >>> names(windows)
    ('all', 'hopping', 'session', 'sliding', 'tumbling')
    """
    found = (module.name for module in pkgutil.iter_modules(folder.__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def names_in(room: str) -> tuple[str, ...]:
    """The same of a room of this package, without importing it.

    >>> names_in("windows")
    ('all', 'hopping', 'session', 'sliding', 'tumbling')
    """
    files = (Path(__file__).parents[1] / room).glob("[a-z]*.py")
    return tuple(sorted(file.stem for file in files))


def load(folder: ModuleType, name: str) -> type[Any]:
    """The plug-in class of that name; ValueError with the nearest name if there is none."""
    known = names(folder)
    if name not in known:
        raise ValueError(f"there is no {name!r}; {nearest(name, known)}")
    module = importlib.import_module(f"{folder.__name__}.{name}")
    mine = (
        each
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__
    )
    return next(mine)


def nearest(name: str, known: tuple[str, ...]) -> str:
    """A hint: the name that was meant, else all names, if there are any.

    >>> nearest("cuont", ("count", "sum"))
    "did you mean 'count'?"
    """
    if not known:
        return "there are none"
    import difflib  # only errors need it

    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean {close[0]!r}?" if close else f"choose one of {', '.join(known)}"
