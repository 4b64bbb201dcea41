"""Every format alike: rows and ledger depend on bytes alone; logs grow, are rotated and gone on with."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from tools.commands import Forks
from tools.engine_run import Outcome, Seen
from tools.written_formats import WRITTEN, Event, Written

from streamstat.input.detection import asked, choice
from streamstat.input.feed import Limits, ReadOnce
from streamstat.input.formats import FormatOptions, name_of
from streamstat.input.sources.inputs import Inputs
from streamstat.input.sources.memory import pieces_input
from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan
from streamstat.runners.local import LocalRunner


def events(random: Random, count: int) -> list[Event]:
    """In disorder, some too late, some that cannot be read."""
    found: list[Event] = [(0, "a", 1)]  # by which the format is told
    for second in range(1, count):
        if random.random() < 0.05:
            found.append((0, None, 0))
        else:
            found.append(
                (second - random.choice((0, 0, 2, 30)), random.choice("abc"), random.randrange(1000))
            )
    return found


def outcome(written: Written, pieces: Sequence[bytes], block_bytes: int, threads: int) -> Outcome:
    """What a run over these pieces gives."""
    plan = Plan(window="tumbling:10s", by=[f"k={written.key}"], agg=[f"s=sum({written.value})"], delay="5s")
    choose = choice(asked(written.input, FormatOptions()), growing=False)
    feed = ReadOnce(Inputs([pieces_input(pieces, "in")]), Limits(block_bytes, choose=choose))
    seen = Seen("UTC")
    runner = LocalRunner(job_of(plan), feed, seen, threads=threads)
    ledger = runner.run().as_dict()
    for name in ("bytes", "seconds"):
        del ledger[name]
    return Outcome("".join(seen.changelog), "".join(seen.report), ledger, seen.late, seen.bad)


def in_pieces(random: Random, data: bytes, most: int) -> list[bytes]:
    """The bytes as a pipe may deliver them."""
    places = [0]
    while places[-1] < len(data):
        places.append(places[-1] + random.randrange(1, most))
    return [data[lo:hi] for lo, hi in pairwise(places)]


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("seed", range(4))
def test_rows_depend_on_bytes_alone(name: str, seed: int) -> None:
    random, written = Random(seed), WRITTEN[name]
    taken = events(random, 120)
    data = (written.heading + written.text(taken)).encode()
    whole = outcome(written, [data], 1 << 20, 1)
    assert whole.ledger["bad"] == sum(key is None for _, key, _ in taken)
    assert whole.ledger["lines"] == len(taken)
    for block_bytes, most, threads in ((1, 50, 1), (7, 200, 3), (64, 5, 1), (1000, 3000, 3)):
        assert outcome(written, in_pieces(random, data, most), block_bytes, threads) == whole


def test_all_formats_give_the_same_report() -> None:
    taken = events(Random(7), 200)
    reports = {
        name: outcome(each, [(each.heading + each.text(taken)).encode()], 1 << 20, 1).report
        for name, each in WRITTEN.items()
    }
    assert set(reports.values()) == {reports["ndjson"]}
    assert reports["ndjson"].count("\n") > 40


@pytest.mark.parametrize("name", [name for name, each in WRITTEN.items() if each.is_told])
@pytest.mark.parametrize("growing", [False, True])
def test_the_first_records_tell_the_format(name: str, growing: bool) -> None:
    written = WRITTEN[name]
    data = (written.heading + written.text([(1, "a", 7), (2, "b", 8), (3, "a", 9)])).encode()
    choose = choice(None, growing=growing)
    answers = [choose(memoryview(data[:size]), size == len(data)) for size in range(len(data) + 1)]
    told = [name_of(each) for each in answers if each is not None]
    assert told == [name] * len(told) and told


@pytest.mark.parametrize("auto", [False, True], ids=["asked", "told"])
@pytest.mark.parametrize("name", WRITTEN)
def test_a_log_that_grows_and_is_rotated_counts_once(
    name: str, auto: bool, forks: Forks, tmp_path: Path
) -> None:
    written = WRITTEN[name]
    if auto and not written.is_told:
        return
    random = Random(f"{name}{auto}")
    options = [*written.question, *([] if auto else ["-i", written.input]), "--quiet", "-f", "csv"]
    (tmp_path / "streams").mkdir()

    def run(*arguments: str) -> str:
        ended = forks.run(["run", *options, *arguments], b"", tmp_path, tmp_path / "streams")
        assert ended.code == 0, ended.err
        return ended.out

    log, old = tmp_path / "in.log", tmp_path / "in.log.1"
    files = [written.heading + written.text(events(random, 60)) for _ in range(2)]
    for number, text in enumerate(files):
        data = text.encode()
        for piece in in_pieces(random, data, len(data) // 4):
            with log.open("ab") as file:
                file.write(piece)
            run("--state", "state", "-o", "report.csv", "in.log")
        if number == 0:
            log.rename(old)
    run("--state", "state", "-o", "report.csv", "--flush", "in.log")
    whole = tmp_path / "whole.log"
    whole.write_text(files[0] + files[1].removeprefix(written.heading))
    assert (tmp_path / "report.csv").read_text() == run("whole.log")
