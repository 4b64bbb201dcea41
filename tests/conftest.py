"""What several files of tests need."""

from collections.abc import Iterator

import pytest
from commands import Forks


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Runs commands in a few milliseconds each."""
    with Forks() as server:
        yield server
