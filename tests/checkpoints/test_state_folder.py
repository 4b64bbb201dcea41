"""The state folder and its checkpoint: who may use it, and that no damage goes unseen."""

import os
import random
import signal
from hashlib import blake2b
from pathlib import Path

import pytest
from tools.commands import Forks
from tools.state_job import Job, difference, new_job

from streamstat.checkpoints.checkpoint import (
    DIGEST_BYTES,
    FORMAT,
    HEAD,
    MAGIC,
    Checkpoint,
    decode,
    encode,
    encode_parts,
)
from streamstat.checkpoints.folder import StateFolder, look
from streamstat.common.errors import CannotCreateError, LockedError, MissingInputError, StateError

SMALL = Checkpoint(
    3, "00ff", {"window": "tumbling:1m"}, engine={"keys": b"\x00\x01\x02", "ledger": b""}, stdout=b"a,b\n"
)
BYTES = b"".join(encode(SMALL))


def decoded(data: bytes) -> Checkpoint:
    """The checkpoint in a file of these bytes."""
    return decode(lambda lo, hi: data[lo:hi], len(data), "checkpoint")


def is_refused(data: bytes) -> bool:
    """Whether a file of these bytes is no checkpoint."""
    try:
        decoded(data)
    except StateError:
        return True
    return False


def test_checkpoint_comes_back_as_it_was() -> None:
    assert decoded(BYTES) == SMALL


def test_every_truncation_is_found() -> None:
    assert [n for n in range(len(BYTES)) if not is_refused(BYTES[:n])] == []


def test_every_flipped_bit_is_found() -> None:
    flipped = (
        (at, bit, bytes([*BYTES[:at], BYTES[at] ^ 1 << bit, *BYTES[at + 1 :]]))
        for at in range(len(BYTES))
        for bit in range(8)
    )
    assert [(at, bit) for at, bit, data in flipped if not is_refused(data)] == []


def test_random_damage_is_found() -> None:
    random_ = random.Random(7)
    for _ in range(5000):
        data = bytearray(BYTES)
        for _ in range(random_.randrange(1, 6)):
            at = random_.randrange(len(data))
            if random_.random() < 0.3:
                del data[at : at + random_.randrange(1, 9)]
            elif random_.random() < 0.5:
                data[at:at] = random_.randbytes(random_.randrange(1, 9))
            else:
                data[at] ^= random_.randrange(1, 256)
        assert bytes(data) == BYTES or is_refused(bytes(data))


def test_bytes_behind_the_end_are_found() -> None:
    assert is_refused(BYTES + b"\0")


@pytest.mark.parametrize(("step", "hint"), [(1, "or a later one"), (-1, "or begin anew with a new --state")])
def test_another_format_is_refused_by_its_number(step: int, hint: str) -> None:
    table = BYTES[HEAD.size + DIGEST_BYTES :][: HEAD.unpack_from(BYTES)[2]]
    head = HEAD.pack(MAGIC, FORMAT + step, len(table))
    other = head + blake2b(head + table, digest_size=DIGEST_BYTES).digest() + table
    told = f"has format {FORMAT + step}, and this version reads format {FORMAT}; .*{hint}"
    with pytest.raises(StateError, match=told):
        decoded(other)


def test_whole_file_of_other_parts_is_no_checkpoint() -> None:
    assert is_refused(b"".join(encode_parts({"run": b"[]", "stdout": b""})))
    assert is_refused(b"".join(encode_parts({"run": b'{"number": 1, "sum": 2}', "stdout": b""})))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folder_and_files_are_for_their_owner_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        folder = StateFolder.open(tmp_path / "state")
        folder.replace([BYTES])
        folder.set_printed(3)
    finally:
        os.umask(before)
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "state").iterdir()}
    assert modes == {"lock": 0o600, "checkpoint": 0o600, "printed": 0o600}
    assert (folder.read(), folder.printed()) == (SMALL, 3)
    folder.close()


def test_second_opening_is_refused_until_the_first_is_closed(tmp_path: Path) -> None:
    first = StateFolder.open(tmp_path / "state")
    with pytest.raises(LockedError, match="another run works with this state"):
        StateFolder.open(tmp_path / "state")
    first.close()
    StateFolder.open(tmp_path / "state").close()


def test_lock_that_was_replaced_is_taken_anew(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    first = StateFolder.open(tmp_path / "state")
    (tmp_path / "state" / "lock").unlink()
    second = StateFolder.open(tmp_path / "state")  # whoever removes a lock must know what he does
    with pytest.raises(LockedError):
        StateFolder.open(tmp_path / "state")
    first.close()
    second.close()


@pytest.mark.parametrize("kind", ["file", "link", "foreign", "open to others"])
def test_what_is_no_state_folder_is_refused_untouched(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "state"
    if kind == "file":
        place.write_text("text")
    elif kind == "link":
        (tmp_path / "real").mkdir()
        place.symlink_to(tmp_path / "real")
    else:
        place.mkdir(mode=0o700)
        (place / ("notes.txt" if kind == "foreign" else "lock")).touch()
        place.chmod(0o770 if kind == "open to others" else 0o700)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with pytest.raises(StateError if kind == "open to others" else CannotCreateError):
        StateFolder.open(place)
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["lock", "checkpoint", "checkpoint.next"])
def test_links_in_the_folder_are_not_followed(forks: Forks, tmp_path: Path, name: str) -> None:
    job = new_job(forks, tmp_path / "job", 3, 1, 20)
    (tmp_path / "precious").write_text("precious")
    (job.folder / "state").mkdir(mode=0o700)
    (job.folder / "state" / name).symlink_to(tmp_path / "precious")
    ended = job.run()
    assert ended.code in ((0,) if name == "checkpoint.next" else (74, 78)), ended.err
    assert (tmp_path / "precious").read_text() == "precious"


def test_looking_needs_no_lock_and_a_state(tmp_path: Path) -> None:
    folder = StateFolder.open(tmp_path / "state")
    with pytest.raises(MissingInputError, match="holds no checkpoint"):
        look(tmp_path / "state")
    with pytest.raises(MissingInputError, match="no such folder"):
        look(tmp_path / "nothing")
    folder.replace([BYTES])
    assert look(tmp_path / "state") == SMALL
    folder.close()


def test_damaged_state_ends_the_run_and_nothing_is_touched(forks: Forks, tmp_path: Path) -> None:
    job = new_job(forks, tmp_path / "job", 3, 2, 30)
    assert job.run().code == 0
    path = job.folder / "state" / "checkpoint"
    whole = path.read_bytes()
    random_ = random.Random(1)
    for _ in range(20):
        at = random_.randrange(len(whole))
        path.write_bytes(bytes([*whole[:at], whole[at] ^ 0x10, *whole[at + 1 :]]))
        before = {each: each.read_bytes() for each in job.folder.rglob("*.*") if each.is_file()}
        ended = job.run()
        assert (ended.code, ended.stdout, ended.err.count("\n")) == (78, b"", 1)
        assert {each: each.read_bytes() for each in before} == before
    path.write_bytes(whole)
    assert job.run().code == 0


def simultaneous(forks: Forks, job: Job, plant: str) -> list[int]:
    """The exit codes of 30 runs that start at once; one that got the lock waits until the others have ended."""
    streams = job.folder / "streams"
    streams.mkdir(exist_ok=True)
    return sorted(
        forks.run_together(30, job.arguments, job.folder, streams, ("tools.state_calls:wait_inside", plant))
    )


@pytest.mark.parametrize("round_", range(20))
def test_of_thirty_simultaneous_starts_exactly_one_runs(forks: Forks, tmp_path: Path, round_: int) -> None:
    job = new_job(forks, tmp_path / "job", round_, 2, 20)
    assert simultaneous(forks, job, "") == [0] + [75] * 29
    alone = new_job(forks, tmp_path / "alone", round_, 2, 20)
    assert alone.run().code == 0
    job.printed = list(alone.printed)
    assert difference(alone.result(), job.result()) is None


def test_simultaneous_starts_find_a_lock_that_is_skipped(forks: Forks, tmp_path: Path) -> None:
    assert simultaneous(forks, new_job(forks, tmp_path / "job", 0, 2, 20), "lock skipped") != [0] + [75] * 29


def test_killed_run_leaves_no_lock(forks: Forks, tmp_path: Path) -> None:
    job = new_job(forks, tmp_path / "job", 5, 2, 20)
    assert job.run(("tools.state_calls:kill_at", 40)).code == -signal.SIGKILL
    assert job.run().code == 0
