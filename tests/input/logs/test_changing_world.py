"""An ordinary change of the world at every system call of a look and of a turn: no line twice, none lost in silence.

What is late is what one undisturbed run has late, unless a change takes lines away before anybody can read them.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random

import pytest
from tools.changing_world import (
    EXACT,
    LOSSY,
    Change,
    Changing,
    created_without_rights,
    gzip_rotated,
    rename_chain,
    rename_chain_and_gzip,
)
from tools.world_readers import (
    JOBS,
    MODES,
    Calls,
    Steps,
    problem,
)

SEED = int(os.environ.get("SEED") or 5)
TORTURE = int(os.environ.get("TORTURE") or 1)  # so many times as long
ARGUMENTS = {"named": ("app.log",), "glob": ("app.log*",)}


def begin(world: Changing) -> None:
    """With an older file that nobody names where the log alone is named."""
    if world.arguments == ("app.log",):
        world.write("app.log.1", 4)
        world.events.clear()
    world.write("app.log", 8)


def more(world: Changing) -> None:
    world.write("app.log", 5)


def rotate(world: Changing) -> None:
    more(world)
    rename_chain(world)


def restore_rights(world: Changing) -> None:
    for path in world.folder.iterdir():
        path.chmod(0o644)


def nothing(world: Changing) -> None: ...


STEPS: Steps = (begin, more, rotate, more, rotate, restore_rights, more, restore_rights, nothing, nothing)


def disturbed(
    folder: Path, mode: str, arguments: str, changes: dict[int, Change], seed: int, verb: str = "run"
) -> tuple[str | None, int]:
    """What is wrong after a history with these changes before these calls, and how many calls there were."""
    folder.mkdir()
    world = Changing(folder, ARGUMENTS[arguments], Random(seed), verb)

    def act(number: int) -> None:
        if number in changes:
            world.change(changes[number])

    calls = Calls(folder, act)
    counted = MODES[mode](world, STEPS, calls)
    return problem(world, counted), calls.made


def histories(mode: str, arguments: str, folder: Path) -> Iterator[tuple[str, dict[int, Change], int]]:
    """One change at each call, and sequences of them."""
    _, calls = disturbed(folder / "undisturbed", mode, arguments, {}, SEED)
    random = Random(SEED)
    single = list(product((*EXACT, *LOSSY), range(1, calls + 1)))
    if TORTURE == 1:
        single = random.sample(single, min(len(single), 250))
    for change, number in single:
        yield f"seed {SEED}: {change.__name__} at {number}", {number: change}, SEED
    for each in range(60 * TORTURE):
        numbers = random.sample(range(1, calls + 1), random.randrange(2, 5))
        changes = {number: random.choice(EXACT if each % 2 else (*EXACT, *LOSSY)) for number in numbers}
        named = ", ".join(f"{change.__name__} at {number}" for number, change in sorted(changes.items()))
        yield f"seed {SEED + each}: {named}", changes, SEED + each


@pytest.mark.parametrize("arguments", ARGUMENTS)
@pytest.mark.parametrize("mode", MODES)
def test_a_change_at_any_call_loses_nothing_and_counts_nothing_twice(
    mode: str, arguments: str, tmp_path: Path
) -> None:
    failed = []
    for number, (name, changes, seed) in enumerate(histories(mode, arguments, tmp_path)):
        wrong, _ = disturbed(tmp_path / str(number), mode, arguments, changes, seed)
        if wrong is not None:
            failed.append(f"{name}: {wrong}")
    assert failed == []


@pytest.mark.parametrize("verb", sorted(JOBS.keys() - {"run"}))
@pytest.mark.parametrize(("mode", "arguments"), [("cron", "glob"), ("following", "named")])
def test_a_verb_that_shares_the_frame_reads_a_world_that_changes_as_run_does(
    mode: str, arguments: str, verb: str, tmp_path: Path
) -> None:
    chosen = Random(SEED).sample(list(histories(mode, arguments, tmp_path)), 80 * TORTURE)
    failed = []
    for number, (name, changes, seed) in enumerate(chosen):
        wrong, _ = disturbed(tmp_path / str(number), mode, arguments, changes, seed, verb)
        if wrong is not None:
            failed.append(f"{name}: {wrong}")
    assert failed == []


@pytest.mark.parametrize(
    ("changes", "seed"),
    [
        ({7: created_without_rights, 57: rename_chain, 98: created_without_rights}, 694),
        ({8: created_without_rights, 58: rename_chain_and_gzip, 121: gzip_rotated, 141: gzip_rotated}, 865),
    ],
)
def test_a_log_that_nobody_may_read_and_that_is_rotated_at_the_first_look_ends_the_run(
    changes: dict[int, Change], seed: int, tmp_path: Path
) -> None:
    """Else a state would begin that knows nothing of it, and what came before its next file would never be read."""
    assert disturbed(tmp_path / "world", "cron", "named", changes, seed)[0] is None
