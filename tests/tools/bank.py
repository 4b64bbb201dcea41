"""A table in PostgreSQL under a random, seeded load of two sessions, and what it has as a report of `view` says it.

Statements do not fail and do not wait for each other: a session has the keys that are odd, the other the even ones.
"""

from collections.abc import Iterator
from random import Random

from tools.postgres import Postgres, Session

TABLE = "accounts"
CREATED = f"""DROP TABLE IF EXISTS {TABLE};
    CREATE TABLE {TABLE} (id integer PRIMARY KEY, branch text, cents numeric, rate double precision, doc text,
        open boolean, made timestamptz, blob bytea, tags integer[], more jsonb);
    ALTER TABLE {TABLE} ALTER doc SET STORAGE EXTERNAL"""
KEYS = 24
LARGE = 20_000  # what is larger than about 2 kB is stored apart, and not told where it did not change
VALUES = {
    "branch": (
        *("'north'", "'süd 🏦'", "'a \"b\", c'", "E'two\\nlines\\t\\\\'"),
        *("E'\\x01\\u2028'", "'=1+1'", "''", "NULL"),
    ),
    "cents": ("0", "1.50", "-2.00", "1e3", "12345678901234567890.123456789", "'NaN'", "NULL"),
    "rate": ("0.1", "1e300", "-1e-7", "5", "'-0'", "'Infinity'", "'NaN'", "NULL"),
    "doc": ("'short'", f"repeat('x', {LARGE})", f"repeat('ü\"', {LARGE})", "NULL"),
    "open": ("true", "false", "NULL"),
    "made": ("'2026-03-29 01:59:59.25Z'", "'infinity'", "NULL"),
    "blob": (r"'\x00ff'", "''", "NULL"),
    "tags": ("'{1,2}'", "'{}'", "NULL"),
    "more": ("'{\"a\": [1.50, null]}'", "'null'", "NULL"),
}
# How wal2json tells what JSON has no number for, and a value that is bytes.
TOLD = {
    "cents": "NULLIF(cents, 'NaN')",
    "rate": "CASE WHEN rate IN ('Infinity', 'NaN') THEN NULL ELSE rate END",
    "made": "made::text",
    "blob": "encode(blob, 'hex')",
    "tags": "tags::text",
    "more": "more::text",
}
CHANGED = """rtrim(rtrim(to_char(pg_xact_commit_timestamp(xmin) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'),
    '.') || 'Z' AS changed"""


class Bank:
    """The table. truncates: whether the log can tell one."""

    def __init__(self, server: Postgres, random: Random, truncates: bool = True) -> None:
        self._server, self._random, self._truncates = server, random, truncates
        self._added: list[str] = []
        self._marks = 0
        self.connect()
        self.sql(CREATED)

    def connect(self) -> None:
        """Two sessions, as before and after a crash."""
        self._sessions = (Session(self._server), Session(self._server))

    def close(self) -> None:
        """No session is left."""
        for session in self._sessions:
            session.close()

    def sql(self, statement: str) -> bytes:
        """Done by one of the sessions."""
        return self._sessions[0].sql(statement)

    def work(self, rounds: int) -> None:
        """Transactions of both sessions that overlap, and between rounds what needs the table for itself."""
        for _ in range(rounds):
            scripts = [self._script(of) for of in (0, 1)]
            while turns := [of for of in (0, 1) if scripts[of]]:
                of = self._random.choice(turns)
                self._sessions[of].sql(scripts[of].pop(0))
            if self._random.random() < 0.1:
                self.sql(f"TRUNCATE {TABLE}" if self._truncates else f"DELETE FROM {TABLE}")
        for of in (0, 1):  # a report has the columns that rows have
            self._sessions[of].sql(self._insert(2 * KEYS + of))

    def add_column(self) -> None:
        """A column more, which is null in all rows that there are."""
        name = f"extra_{len(self._added)}"
        self.sql(f"ALTER TABLE {TABLE} ADD COLUMN {name} text")
        self._added.append(name)

    def mark(self) -> bytes:
        """A message of its own in the log of the server, behind all that was committed: what its record has."""
        self._marks += 1
        content = f"mark {self._marks}"
        self.sql(f"SELECT pg_logical_emit_message(true, 'test', '{content}')")
        return f'"content":"{content}"'.encode()

    def csv(self) -> bytes:
        """The rows as a CSV of `view` has them: as those of PostgreSQL, but for truth, which that writes as t and f."""
        rows = self._rows(open="open::text")
        return self.sql(f"COPY ({rows}) TO STDOUT (FORMAT csv, HEADER)")

    def ndjson(self) -> bytes:
        """The rows as NDJSON of `view` has them: as PostgreSQL's objects, but for a line separator, spelt out."""
        told = self.sql(f"SELECT row_to_json(r) FROM ({self._rows()}) r")
        return told.replace("\u2028".encode(), b"\\u2028")

    def _rows(self, **more: str) -> str:
        told = {**TOLD, **more}
        columns = [name if name not in told else f"{told[name]} AS {name}" for name in self._names]
        return f"SELECT id, {', '.join(columns)}, {CHANGED} FROM {TABLE} ORDER BY id"

    @property
    def _names(self) -> list[str]:
        return [*VALUES, *self._added]

    def _script(self, of: int) -> list[str]:
        """The statements of a transaction."""
        statements = [each for _ in range(self._random.randint(1, 4)) for each in self._statements(of)]
        return ["BEGIN", *statements, self._random.choice(["COMMIT"] * 5 + ["ROLLBACK"])]

    def _statements(self, of: int) -> Iterator[str]:
        """One statement, or some of which nothing or all is left."""
        if self._random.random() < 0.2:
            yield "SAVEPOINT s"
            yield from (self._statement(of) for _ in range(self._random.randint(1, 3)))
            yield self._random.choice(["ROLLBACK TO s", "RELEASE s"])
        else:
            yield self._statement(of)

    def _statement(self, of: int) -> str:
        random, key, other = self._random, self._key(of), self._key(of)
        free = f"NOT EXISTS (SELECT FROM {TABLE} WHERE id = {other})"
        return random.choice(
            [
                self._insert(key),
                self._insert(key),
                f"UPDATE {TABLE} SET {self._settings()} WHERE id = {key}",
                f"UPDATE {TABLE} SET {self._settings()} WHERE id % 8 = {key % 8} AND id < {KEYS}",
                f"UPDATE {TABLE} SET branch = branch WHERE id = {key}",
                f"UPDATE {TABLE} SET id = {other} WHERE id = {key} AND {free}",
                f"UPDATE {TABLE} SET id = {other}, {self._settings()} WHERE id = {key} AND {free}",
                f"DELETE FROM {TABLE} WHERE id = {key}",
            ]
        )

    def _insert(self, key: int) -> str:
        values = ", ".join([str(key), *map(self._value, self._names)])
        return f"INSERT INTO {TABLE} VALUES ({values}) ON CONFLICT DO NOTHING"

    def _settings(self) -> str:
        names = self._random.sample(self._names, self._random.randint(1, 3))
        return ", ".join(f"{name} = {self._value(name)}" for name in names)

    def _value(self, name: str) -> str:
        return self._random.choice(VALUES.get(name, VALUES["branch"]))

    def _key(self, of: int) -> int:
        return 2 * self._random.randrange(KEYS // 2) + of
