"""What is said of a file that is not there: the one next to it that was meant, or how to look."""

from pathlib import Path

from streamstat.common.terminal import quoted


def hint_for_file(path: str) -> str:
    """A hint that works, for a path that leads to no file."""
    import difflib  # only errors need it

    parent, name = Path(path).parent, Path(path).name
    try:
        names = [entry.name for entry in parent.iterdir()]
    except OSError:
        return f"there is no directory {parent}"
    close = difflib.get_close_matches(name, names, 1)
    return f"did you mean {Path(parent, close[0])}?" if close else f"ls {quoted(parent)} shows what is there"
