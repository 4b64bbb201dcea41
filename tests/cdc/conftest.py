"""A PostgreSQL for the tests of a module."""

from collections.abc import Iterator

import pytest
from tools.postgres import Postgres, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A server that follows nothing yet."""
    with postgres() as running:
        yield running


@pytest.fixture
def slot(server: Postgres) -> Iterator[str]:
    """What is committed from now on can be followed, from a test's own place in the log."""
    server.create_slot("changes")
    yield "changes"
    server.drop_slot("changes")
