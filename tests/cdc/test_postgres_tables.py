"""Tables of other shapes than an integer as key: what wal2json says of them, and the view that it leaves."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tools.commands import Ended, Forks
from tools.postgres import Postgres, Session
from tools.wal2json_log import PLACED, recorded

VERSIONS = ("format-version=1", "format-version=2")
MARK = "SELECT pg_logical_emit_message(true, 'test', 'the end')"


class Shop:
    """Tables are made and changed; what came of it is viewed."""

    def __init__(self, server: Postgres, slot: str, forks: Forks, folder: Path) -> None:
        self._server, self._slot, self._forks, self._folder = server, slot, forks, folder
        (folder / "streams").mkdir()

    def told(self, version: str, *statements: str, query: str) -> bytes:
        """What a query gives after these statements, as CSV; and the log is there to be viewed."""
        with closing(Session(self._server)) as session:
            for statement in ("DROP TABLE IF EXISTS t, u", *statements, MARK):
                session.sql(statement)
            rows = session.sql(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)")
        with recorded(self._server, self._slot, (version, *PLACED, "include-pk=1")) as recorder:
            (self._folder / "log").write_bytes(recorder.until(b'"the end"'))
        return rows

    def view(self, *arguments: str) -> Ended:
        """The view of the log."""
        command = ["view", "--changes", "wal2json", *arguments, "log"]
        return self._forks.run(command, b"", self._folder, self._folder / "streams")


@pytest.fixture
def shop(server: Postgres, slot: str, forks: Forks, tmp_path: Path) -> Iterator[Shop]:
    """A log of its own for each test."""
    yield Shop(server, slot, forks, tmp_path)


def rows(ended: Ended) -> bytes:
    """A view without `changed`."""
    assert (ended.code, ended.err) == (0, "")
    return b"".join(line.rpartition(b",")[0] + b"\n" for line in ended.stdout.splitlines())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_key_of_two_columns_moves_in_both(shop: Shop, version: str) -> None:
    wanted = shop.told(
        version,
        "CREATE TABLE t (n integer, town text, day integer, PRIMARY KEY (town, day))",
        "INSERT INTO t VALUES (1, 'Oslo', 1), (2, 'Oslo', 2), (3, 'Moss', 10), (4, 'Moss', 9)",
        "UPDATE t SET town = 'Bergen', n = 5 WHERE day = 2",
        "UPDATE t SET day = day + 100 WHERE town = 'Moss'",
        "DELETE FROM t WHERE town = 'Oslo'",
        query="SELECT town, day, n FROM t ORDER BY town, day",
    )
    assert rows(shop.view()) == wanted


@pytest.mark.parametrize("version", VERSIONS)
def test_a_table_that_tells_whole_rows_needs_a_name_for_its_key(shop: Shop, version: str) -> None:
    wanted = shop.told(
        version,
        "CREATE TABLE t (id integer, n numeric, doc text)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "ALTER TABLE t ALTER doc SET STORAGE EXTERNAL",
        "INSERT INTO t SELECT id, 1.50, repeat('x', 9000) FROM generate_series(1, 5) AS id",
        "UPDATE t SET n = NULL WHERE id = 2",
        "UPDATE t SET id = 10 WHERE id = 3",
        "DELETE FROM t WHERE id = 4",
        query="SELECT * FROM t ORDER BY id",
    )
    assert rows(shop.view("--key", "id")) == wanted
    without = shop.view()
    assert (without.code, without.out) == (2, "")
    assert without.err.startswith(
        "streamstat: --key: the log does not say which columns are the key; name the columns"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_names_may_be_anything(shop: Shop, version: str) -> None:
    wanted = shop.told(
        version,
        'CREATE TABLE t ("the.key" integer PRIMARY KEY, "say ""hi""" text, "Größe, in m" numeric)',
        """INSERT INTO t VALUES (2, 'a', 0.10), (1, 'b', 7)""",
        'UPDATE t SET "Größe, in m" = 1.0, "the.key" = 3 WHERE "the.key" = 2',
        query='SELECT * FROM t ORDER BY "the.key"',
    )
    assert rows(shop.view()) == wanted


@pytest.mark.parametrize("version", VERSIONS)
def test_of_two_tables_one_has_to_be_named(shop: Shop, version: str) -> None:
    wanted = shop.told(
        version,
        "CREATE TABLE t (id integer PRIMARY KEY, n integer)",
        "CREATE TABLE u (id integer PRIMARY KEY, n integer)",
        "BEGIN",
        "INSERT INTO t VALUES (1, 10), (2, 20)",
        "INSERT INTO u VALUES (1, 100)",
        "UPDATE t SET id = 3 WHERE id = 1",
        "COMMIT",
        "DELETE FROM u",
        "UPDATE t SET n = 21 WHERE id = 2",
        query="SELECT * FROM t ORDER BY id",
    )
    both = shop.view()
    assert (both.code, both.out) == (65, "")
    assert "public.t" in both.err and "public.u" in both.err and "--table" in both.err
    assert rows(shop.view("--table", "public.t")) == rows(shop.view("--table", "t")) == wanted


def test_a_truncate_of_two_tables_empties_the_one_that_is_viewed(shop: Shop) -> None:
    wanted = shop.told(
        "format-version=2",
        "CREATE TABLE t (id integer PRIMARY KEY)",
        "CREATE TABLE u (id integer PRIMARY KEY)",
        "INSERT INTO t VALUES (1), (2)",
        "BEGIN",
        "INSERT INTO t VALUES (3)",
        "TRUNCATE t, u",
        "INSERT INTO t VALUES (2)",
        "COMMIT",
        query="SELECT * FROM t ORDER BY id",
    )
    assert rows(shop.view("--table", "t")) == wanted == b"id\n2\n"
