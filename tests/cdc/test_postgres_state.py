"""A log that `pg_recvlogical` writes, read run by run under `--state`, while servers crash and runs are killed.

After each run the report is the table. A server that has lost its power forgets how far its log was confirmed, and
tells transactions again: they are stale.
"""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from tools.bank import KEYS, TABLE, Bank
from tools.commands import TIMEOUT_S, environment
from tools.postgres import Postgres
from tools.state_place import Place
from tools.wal2json_log import PLACED, is_whole, recorded

VIEW = (
    "view",
    "--changes",
    "wal2json",
    "--key",
    "id",
    "--csv-raw",
    "--state",
    "state",
    "-o",
    "v.csv",
    "cdc.ndjson*",
)


@contextmanager
def writing(server: Postgres, slot: str, version: int, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`pg_recvlogical` that writes a file, or goes on with it."""
    command = server.following(slot, (f"format-version={version}", *PLACED), str(log))
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment())
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(log: Path, mark: bytes, recorder: "subprocess.Popen[bytes]") -> None:
    """Until the transaction with this mark is in the file, whole."""
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end and recorder.poll() is None:
        told = log.read_bytes() if log.exists() else b""
        if mark in told[-2000:] and is_whole(told):
            return
        time.sleep(0.02)
    raise AssertionError(f"{mark!r} did not come")


def view(place: Place) -> bytes:
    """The report after a run over what is new."""
    ended = place.run(*VIEW)
    said = [line for line in ended.err.splitlines() if "were broken off" not in line]
    assert (ended.code, said) == (0, [])  # a crash of the server may cut a transaction, and then it is told
    return (place.folder / "v.csv").read_bytes()


def killed(place: Place, random: Random) -> bool:
    """Whether a run was killed; if not, it had less to do."""
    kill = ("tools.state_calls:kill_at", random.randint(1, 150), 2)
    return place.forks.run(VIEW, b"", place.folder, place.folder / "streams", kill).code == -signal.SIGKILL


@dataclass
class Told:
    """A log by its lines, and at which lines transactions end that had been told before."""

    lines: list[bytes]
    again: list[int] = field(default_factory=list)
    changes_again: int = 0

    def __post_init__(self) -> None:
        ends: set[str] = set()
        changes = 0
        for at, line in enumerate(self.lines):
            record = json.loads(line)
            kinds = [each["kind"] for each in record.get("change", [])] or [record.get("action", "message")]
            changes += sum(kind not in ("message", "M", "B", "C") for kind in kinds)
            if record.get("action", "C") == "C":
                if record["nextlsn"] in ends:
                    self.again.append(at)
                    self.changes_again += changes
                ends.add(record["nextlsn"])
                changes = 0


def told(folder: Path) -> Told:
    """What has been told so far."""
    paths = (folder / "cdc.ndjson.1", folder / "cdc.ndjson")
    return Told([line for path in paths if path.exists() for line in path.open("rb")])


@pytest.mark.parametrize("version", [1, 2])
def test_crashes_and_kills_change_nothing(server: Postgres, slot: str, place: Place, version: int) -> None:
    random, log, kills = Random(version), place.folder / "cdc.ndjson", 0
    at_crashes: dict[int, bytes] = {}  # the table when so many lines had been told
    with closing(Bank(server, random, truncates=version == 2)) as bank:
        for at in range(4):
            with writing(server, slot, version, log) as recorder:
                bank.work(8)
                wait_for(log, bank.mark(), recorder)
                if at == 2:  # another file from the next record on
                    log.rename(place.folder / "cdc.ndjson.1")
                    recorder.send_signal(signal.SIGHUP)
                bank.work(4)
                wait_for(log, bank.mark(), recorder)
                recorder.send_signal(random.choice([signal.SIGINT, signal.SIGKILL]))
                recorder.wait(TIMEOUT_S)
            kills += sum(killed(place, random) for _ in range(3))
            assert view(place) == bank.csv()
            at_crashes[len(told(place.folder).lines)] = bank.csv()
            bank.close()
            server.crash()
            server.start()
            bank.connect()
    assert kills > 3
    check_again(place, told(place.folder), at_crashes)


def check_again(place: Place, log: Told, at_crashes: dict[int, bytes]) -> None:
    """What is told again is stale; so the view never goes back to what had been."""
    assert log.changes_again > 0
    ledger = viewed(place, log.lines)[1]
    assert ledger["stale"] == log.changes_again
    for at in (log.again[0], log.again[-1]):
        begun = max(lines for lines in at_crashes if lines <= at)
        first = next(each for each in log.again if each >= begun)
        assert viewed(place, log.lines[: first + 1])[0] == at_crashes[begun]


def viewed(place: Place, lines: list[bytes]) -> tuple[bytes, dict[str, int]]:
    """The view of a part of a log, in one run, and its ledger."""
    (place.folder / "part").write_bytes(b"".join(lines))
    done = place.run("view", "--key", "id", "--stats", "stats.json", "part")
    assert (done.code, done.err) == (0, "")
    return done.stdout, json.loads((place.folder / "stats.json").read_text())


def test_a_transaction_that_a_crash_cuts_waits_until_it_comes_again(
    server: Postgres, slot: str, place: Place
) -> None:
    log = place.folder / "cdc.ndjson"
    options = ("format-version=2", *PLACED)
    with closing(Bank(server, Random(7))) as bank:
        bank.work(5)
        with recorded(server, slot, options) as recorder, log.open("ab") as file:
            file.write(recorder.until(bank.mark()))
            before = bank.csv()
            many = f"generate_series({3 * KEYS}, {3 * KEYS + 300})"
            bank.sql(f"INSERT INTO {TABLE} (id, doc) SELECT id, repeat('y', 20000) FROM {many} AS id")
            bank.sql(f"UPDATE {TABLE} SET cents = 7")
            file.write(next(recorder.lines()))
            server.crash()  # the rest waits in a pipe that is too small for it
            file.writelines(recorder.lines())
        bank.close()
        server.start()
        bank.connect()
        assert not is_whole(log.read_bytes())
        assert view(place) == before
        with recorded(server, slot, options) as recorder, log.open("ab") as file:
            file.write(recorder.until(bank.mark()))
        assert view(place) == bank.csv()
