"""Every screen in `tests/screens` looks as it is written there."""

import pytest
from tools.screens import FOLDER, Screen, load, written

FILES = sorted(FOLDER.glob("*.toml"))
SCREENS = [
    pytest.param(screen, width, id=f"{screen.name}, {width} columns")
    for path in FILES
    for screen in load(path)
    for width in screen.shown
]


@pytest.mark.parametrize(("screen", "width"), SCREENS)
def test_rows_look_as_they_are_written_down(screen: Screen, width: str) -> None:
    assert screen.look(width) == screen.shown[width]


def test_files_are_as_they_are_rewritten() -> None:
    for path in FILES:
        assert path.read_text(encoding="utf-8") == written(load(path))
