"""A PostgreSQL of a test's own: in a folder of its own, behind a socket in it, gone when the test is over.

Nothing listens on the network, so no port can be taken. What is waited for is said by the server, never by the clock.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.commands import TIMEOUT_S, environment

NEEDED = (
    "PostgreSQL with wal2json is not there: `make postgres` installs it as root, on Debian that is"
    " `apt install postgresql postgresql-15-wal2json`, with the number of that PostgreSQL"
)
# Of the database; and of the machine, where the tests are root, which PostgreSQL refuses to be.
USER = "postgres"
SETTINGS = {
    "listen_addresses": "''",
    "wal_level": "logical",
    "track_commit_timestamp": "on",  # the second opinion on `changed`
    "max_wal_senders": "8",
    "max_replication_slots": "8",
    "fsync": "off",
    "shared_buffers": "16MB",
    "timezone": "'Asia/Kolkata'",  # not the one of any test
}
ALLOWED = {"output_plugin_libraries": "'wal2json'"}  # asked for since the summer of 2026, unknown before


def programs() -> Path:
    """The folder of the newest PostgreSQL that has wal2json."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/lib/wal2json.so"), key=lambda each: float(each.parts[-3])
    )
    if found:
        return found[-1].parents[1] / "bin"
    config = shutil.which("pg_config")
    if config is not None:
        asked = subprocess.run(
            [config, "--pkglibdir", "--bindir"], capture_output=True, text=True, check=True
        )
        library, binaries = asked.stdout.splitlines()
        if any(Path(library).glob("wal2json.*")) and (Path(binaries) / "initdb").exists():
            return Path(binaries)
    raise RuntimeError(NEEDED)


class Postgres:
    """A server with one database, which can be asked, followed, and taken the power of."""

    def __init__(self, folder: Path) -> None:
        self.programs, self.folder = programs(), folder
        self._data = folder / "data"

    def create(self) -> None:
        """An empty database, not started."""
        told = ["--auth=trust", f"--username={USER}", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self._do("initdb", *told, f"--pgdata={self._data}")
        known = self._ask(str(self.programs / "postgres"), "--describe-config").decode()
        settings = SETTINGS | (ALLOWED if "output_plugin_libraries" in known else {})
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines([*lines, f"unix_socket_directories = '{self.folder}'\n"])

    def start(self) -> None:
        """Started, and ready for connections."""
        log = f"--log={self.folder / 'server.log'}"
        self._do("pg_ctl", "start", "--wait", f"--pgdata={self._data}", log)

    def crash(self) -> None:
        """Stopped as by a loss of power."""
        self._do("pg_ctl", "stop", "--wait", f"--pgdata={self._data}", "--mode=immediate")

    def command(self, program: str, *arguments: str) -> list[str]:
        """A command line of one of PostgreSQL's clients, connected to this server."""
        return [str(self.programs / program), f"--host={self.folder}", f"--username={USER}", *arguments]

    def create_slot(self, slot: str) -> None:
        """A slot for wal2json: what is committed from now on can be followed."""
        told = (f"--slot={slot}", "--create-slot", "--plugin=wal2json", "--dbname=postgres")
        self._ask(*self.command("pg_recvlogical", *told))

    def drop_slot(self, slot: str) -> None:
        """A slot is gone, once the server has noticed that nobody follows it any more."""
        told = (
            "--dbname=dbname=postgres replication=database",
            f"--command=DROP_REPLICATION_SLOT {slot} WAIT",
        )
        self._ask(*self.command("psql", *told))

    def following(self, slot: str, options: Sequence[str], to: str = "-") -> list[str]:
        """The command line that writes what a slot has, and does not come back by itself when the server is gone."""
        told = (f"--slot={slot}", "--start", "--no-loop", "--dbname=postgres", f"--file={to}")
        return self.command("pg_recvlogical", *told, *(f"--option={option}" for option in options))

    def _ask(self, *command: str) -> bytes:
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_S, env=environment())
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def _do(self, program: str, *arguments: str) -> None:
        """A program that the server's own user runs. Its streams are none: the server would keep them open."""
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=TIMEOUT_S,
                cwd=self.folder,
                env=environment(),
                **_as_owner(),
            )
            said.seek(0)
            assert done.returncode == 0, said.read().decode()


PLAIN = (
    "--no-psqlrc",
    "--quiet",
    "--tuples-only",
    "--no-align",
    "--set=ON_ERROR_STOP=1",
    "--dbname=postgres",
)
DONE = "that was it"


class Session:
    """A connection that stays: transactions of several can be open at once."""

    def __init__(self, server: Postgres) -> None:
        self._process = subprocess.Popen(
            server.command("psql", *PLAIN),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment({"PGOPTIONS": "-c client_min_messages=warning"}),
        )

    def sql(self, statement: str) -> bytes:
        """Done when this comes back, with the rows as psql writes them without decoration."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{statement};\n\\echo {DONE}\n".encode())
        self._process.stdin.flush()
        lines: list[bytes] = []
        while (line := self._process.stdout.readline()) != f"{DONE}\n".encode():
            assert line, "psql has left; stderr has what it said"
            lines.append(line)
        return b"".join(lines)

    def close(self) -> None:
        """Leave; what is open is rolled back."""
        self._process.communicate(timeout=TIMEOUT_S)


GUARD = 'read line; "$0" stop --mode=immediate --pgdata="$1/data"; rm -rf "$1"'


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server that runs, and is gone afterwards whatever happened, be it to us."""
    # Not in pytest's folder: that is closed to other users, and its path may be too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="streamstat-"))
    if owner := _owner():
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    server = Postgres(folder)
    # It waits for the end of a pipe that only we hold, which comes even if we are killed.
    guard = subprocess.Popen(
        ["sh", "-c", GUARD, str(server.programs / "pg_ctl"), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        **_as_owner(),
    )
    try:
        server.create()
        server.start()
        yield server
    finally:
        guard.communicate(timeout=TIMEOUT_S)


def _owner() -> pwd.struct_passwd | None:
    """Whose the server is, if not ours."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return known.get(USER) or known["nobody"]


def _as_owner() -> dict[str, Any]:
    owner = _owner()
    return {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    try:
        print(programs())
    except RuntimeError as error:
        sys.exit(str(error))
