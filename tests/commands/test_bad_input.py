"""Input that nobody would write by hand is counted, harms nothing around it and never ends in a traceback."""

import bz2
import gzip
import json
import lzma
import os
import random
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracle import corpus
from oracle.corpus import Case
from oracle.lines import BadLine, read_object
from tools.commands import TIMEOUT_S, Ended, Forks, start
from tools.decoders import json_decoder
from tools.packers import zstd

from streamstat.input.events import Events, decode_bytes
from streamstat.values.columns import Kind, Need

VERDICTS = corpus.verdicts()
GOOD = b'{"the time": 1, "case": "good"}'
ALL_OF_IT = Need.NUMBER | Need.TEXT | Need.HASH | Need.CODE | Need.PRESENT
EVERYTHING = json_decoder({"the time": Need.TIME, "case": ALL_OF_IT, "a": ALL_OF_IT, "a.b": ALL_OF_IT})


def names(cases: list[Case]) -> list[str]:
    return [case.name for case in cases]


def behind_nuls(line: bytes) -> bytes:
    """The line itself: NULs in front are no part of it."""
    return line.lstrip(b"\0")


def between(line: bytes) -> Events:
    """A line between two good ones, through the decoder; both good ones must be there whatever it is."""
    events = decode_bytes(EVERYTHING, GOOD + b"\n" + line + b"\n" + GOOD + b"\n")
    texts = events.texts("case")
    assert texts[0] == texts[events.rows - 1] == b"good"
    assert events.times("the time")[0][[0, -1]].tolist() == [1_000_000, 1_000_000]
    return events


# One line through the decoder.


# Lines that are too long never reach the decoder, nor does the mark that begins an input.
DECODED = [case for case in VERDICTS if len(case.data) <= 1 << 24 and case.name != "byte_order_mark_first"]


@pytest.mark.parametrize("case", DECODED, ids=names(DECODED))
def test_line_gets_its_verdict_and_its_neighbours_stay(case: Case) -> None:
    events = between(case.data)
    assert (events.lines, events.blank) == (3, 0)
    if case.facts["verdict"] == "accept":
        assert (events.rows, list(events.bad_records())) == (3, [])
    else:
        assert events.rows == 2
        (bad,) = events.bad_records()
        assert (bad.line, events.bytes_of(bad)) == (1, behind_nuls(case.data) + b"\n")
        assert 1 <= bad.column <= len(case.data) + 1 and bad.reason


VALUES = corpus.load("values")
KINDS = {"missing": Kind.NULL, "null": Kind.NULL, "false": Kind.FALSE, "true": Kind.TRUE}
KINDS |= {"string": Kind.TEXT, "json": Kind.JSON}


@pytest.mark.parametrize("case", VALUES, ids=names(VALUES))
def test_value_is_found_at_its_path(case: Case) -> None:
    path, kind, value = str(case.facts["path"]), str(case.facts["kind"]), case.facts.get("value")
    events = decode_bytes(json_decoder({path: ALL_OF_IT}), b"{}\n" + case.data + b"\n{}\n")
    assert events.rows == 3
    kinds, texts, numbers = events.kinds(path), events.texts(path), events.numbers(path)
    assert kinds[[0, 2]].tolist() == [Kind.NULL, Kind.NULL]
    assert events.present(path)[1] == (kind != "missing")
    assert kinds[1] == KINDS.get(kind, number_kind(value))
    if "text" in case.facts:
        assert texts[1] == str(case.facts["text"]).encode()
        dictionary_kinds, dictionary = events.dictionary(path)
        code = events.codes(path)[1]
        assert (dictionary_kinds[code], dictionary[code]) == (kinds[1], texts[1])
    if kind == "number" and value is not None:
        assert int(numbers[1]) == bits(value)


def number_kind(value: object) -> Kind:
    return Kind.INTEGER if isinstance(value, int) else Kind.DOUBLE if isinstance(value, float) else Kind.HUGE


def bits(value: object) -> int:
    """A number as the decoder holds it."""
    return struct.unpack("<q", struct.pack("<d", value))[0] if isinstance(value, float) else int(str(value))


def is_object(line: bytes) -> bool:
    try:
        read_object(line)
    except BadLine:
        return False
    return True


STRANGE = [b"\x00", b"\xff", b"\\", b'"', b"{", b"}", b"[", b"]", b",", b":", b"1e", b"-", b"\xef\xbb\xbf"]


@st.composite
def damaged_objects(draw: st.DrawFn) -> bytes:
    """JSON objects, with something cut out, put in or changed."""
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    values = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
    )
    event = draw(st.dictionaries(st.sampled_from(["a", "b", "case", "the time"]), values, max_size=4))
    line = json.dumps(event, ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(line)))
        line = line[:at] + draw(st.sampled_from([b"", *STRANGE])) + line[at + draw(st.integers(0, 3)) :]
    return line


@settings(deadline=None, max_examples=300)
@given(damaged_objects() | st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"\r")))
@example(b'{"a": NaN}')
def test_any_line_is_judged_as_the_reference_judges_it(line: bytes) -> None:
    if behind_nuls(line).strip(b" \t\r"):
        assert between(line).rows == 2 + is_object(behind_nuls(line))


# Whole inputs through the command.

LOSS = re.compile(r"(?m)^streamstat: lost of [0-9,]+ lines?: [0-9,]+ (\w+)")
NOTE = re.compile(
    r" NULs|^streamstat: (lost of|also bad|no_time|no event has|[^;]*: \d+ bad_values|[^;]*, for example)"
)


def run(forks: Forks, folder: Path, arguments: list[str], data: bytes = b"") -> Ended:
    """A run that says at most what failed, a line for each kind of loss, and of each cause what it was."""
    streams = folder / "streams"
    streams.mkdir(exist_ok=True)
    ended = forks.run(["run", *arguments], data, folder, streams)
    said = [line for line in ended.err.splitlines() if not NOTE.search(line)]
    assert ended.code in (0, 65, 74) and len(said) <= (ended.code > 0), ended.err
    lost = LOSS.findall(ended.err)
    assert len(lost) == len(set(lost)) and ended.err.count(" also bad: ") <= 2, ended.err
    assert all(line.startswith("streamstat: ") for line in ended.err.splitlines())
    return ended


def ledger_of(forks: Forks, folder: Path, arguments: list[str], data: bytes) -> dict[str, int]:
    """The ledger of these bytes: they are read behind a good event, as a run that can use nothing has none."""
    (folder / "good").write_bytes(b'{"ts": 1}')
    ended = run(forks, folder, [*arguments, "--stats", "s.json", "good", "-"], data)
    assert ended.code == 0
    ledger: dict[str, int] = json.loads((folder / "s.json").read_text())
    return {**ledger, "lines": ledger["lines"] - 1, "counted": ledger["counted"] - 1}


def test_every_odd_line_between_good_ones_through_the_command(forks: Forks, tmp_path: Path) -> None:
    lines = [b'{"the time": 1, "case": "%d"}' % i for i in range(len(DECODED) + 1)]
    parts = [piece for i, case in enumerate(DECODED) for piece in (lines[i], case.data)]
    data = b"\n".join([*parts, lines[-1]]) + b"\n"
    arguments = [
        "-t",
        'field("the time")',
        "-b",
        "case",
        "-o",
        "r.csv",
        "--bad-file",
        "bad",
        "--stats",
        "s.json",
    ]
    ended = run(forks, tmp_path, arguments, data)
    ledger = json.loads((tmp_path / "s.json").read_text())
    rejected = [behind_nuls(case.data) + b"\n" for case in DECODED if case.facts["verdict"] == "reject"]
    assert (ended.code, ledger["lines"], ledger["blank"]) == (0, 2 * len(DECODED) + 1, 0)
    assert (ledger["bad"], ledger["counted"]) == (len(rejected), len(lines))
    assert (tmp_path / "bad").read_bytes() == b"".join(rejected)
    rows = (tmp_path / "r.csv").read_text().splitlines()[1:]
    assert sorted(int(row.split(",")[2]) for row in rows) == list(range(len(lines)))


@pytest.mark.parametrize("threads", ["1", "3"])
def test_framing_through_the_command(forks: Forks, tmp_path: Path, threads: str) -> None:
    # A mark alone is no line of the command's; UTF-16 is decoded before it is cut into lines.
    left_out = ("mark_only", "utf16_with_mark")
    cases = [case for case in corpus.load("framing") if case.name not in left_out]
    for case in cases:
        ledger = ledger_of(forks, tmp_path, ["-i", "ndjson", "-t", "ts", "--threads", threads], case.data)
        expected = {name: case.facts[name] for name in ("lines", "blank", "bad")}
        assert {name: ledger[name] for name in expected} == expected, case.name
        events = ledger["lines"] - ledger["blank"] - ledger["bad"]
        assert ledger["counted"] + ledger["no_time"] == events, case.name


def test_random_bytes_end_in_the_ledger(forks: Forks, tmp_path: Path) -> None:
    data = random.Random(7).randbytes(1 << 20)
    ledger = ledger_of(forks, tmp_path, ["-i", "ndjson", "-t", "ts", "-b", "a", "-a", "p99(b)"], data)
    assert ledger["lines"] == data.count(b"\n") + 1
    assert ledger["bad"] + ledger["blank"] == ledger["lines"]


# Compressed inputs, cut and damaged.

LINES = b"".join(b'{"ts": %d, "v": "%x"}\n' % (i, i * i * 7919) for i in range(3000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": lambda data: bytes(zstd.compress(data)),
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


def damages(packed: bytes) -> Iterator[bytes]:
    """The beginning of it, of every length near the edges and some between; and it with one byte changed."""
    chosen = random.Random(len(packed))
    for length in [
        *range(1, 8),
        *(len(packed) - i for i in range(1, 6)),
        *chosen.choices(range(len(packed)), k=8),
    ]:
        yield packed[:length]
    for at in chosen.choices(range(4, len(packed)), k=12):
        yield packed[:at] + bytes([packed[at] ^ 1 << chosen.randrange(8)]) + packed[at + 1 :]
    yield packed + b"trailing"


@pytest.mark.parametrize("suffix", PACKERS)
def test_damaged_compressed_input_is_reported_and_used_as_far_as_it_goes(
    forks: Forks, tmp_path: Path, suffix: str
) -> None:
    packed = PACKERS[suffix](LINES)
    for data in damages(packed):
        (tmp_path / "a").write_bytes(data)
        ended = run(forks, tmp_path, ["-t", "ts", "-w", "all", "a"])
        if ended.code == 65:  # no longer told as compressed, and so no JSON
            assert ended.out == ""
            continue
        if ended.code == 74 and not ended.out:  # what came before the damage was noticed was no JSON either
            assert ended.err.splitlines()[-1].startswith("streamstat: a: damaged")
            continue
        rows = ended.out.splitlines()
        assert rows[0] == "window_start,window_end,count"
        assert len(rows) < 3
        if ended.code == 74:
            assert ended.err.splitlines()[-1].startswith("streamstat: a: ")
        elif len(data) >= 8 and suffix != "zst":  # what Python packs has no checksum there
            assert rows[1].endswith(",3000")


@pytest.mark.parametrize("suffix", PACKERS)
def test_members_after_each_other_are_one_stream(forks: Forks, tmp_path: Path, suffix: str) -> None:
    pack = PACKERS[suffix]
    (tmp_path / "a").write_bytes(pack(LINES[:1000]) + pack(b"") + pack(LINES[1000:]))
    assert run(forks, tmp_path, ["-t", "ts", "-w", "all", "a"]).out.endswith(",3000\n")


# Memory.


def peak_kib(arguments: list[str], feed: Callable[[int], None]) -> int:
    """Largest resident size of a run whose stdin is fed by `feed(descriptor)`, before it ends."""
    process = start(["run", "-t", "ts", *arguments])
    assert process.stdin is not None
    feed(process.stdin.fileno())
    os.write(process.stdin.fileno(), b'\n{"ts": 1}\n{"w": 600}\n')
    row = process.stdout.readline() + process.stdout.readline()  # type: ignore[union-attr]
    status = Path(f"/proc/{process.pid}/status").read_text()
    _, stderr = process.communicate(timeout=TIMEOUT_S)
    assert (process.returncode, row.count(b"\n"), stderr.count(b"Traceback")) == (0, 2, 0)
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


def feed_one_line(total: int) -> Callable[[int], None]:
    """`total` bytes without a newline."""
    piece = memoryview(b'{"ts": 1, "a": "' + b"x" * (1 << 20))

    def feed(descriptor: int) -> None:
        left = total
        while left > 0:
            left -= os.write(descriptor, piece[: min(left, len(piece))])

    return feed


def feed_nuls(total: int) -> Callable[[int], None]:
    """`total` NULs, as a log has in front that was truncated under its writer."""
    piece = memoryview(bytes(1 << 20))

    def feed(descriptor: int) -> None:
        left = total
        while left > 0:
            left -= os.write(descriptor, piece[: min(left, len(piece))])

    return feed


@pytest.mark.parametrize("arguments", [[], ["--bad-file", "/dev/null"]])
def test_600_mb_without_a_newline_take_no_memory(arguments: list[str]) -> None:
    arguments = ["--punctuation", "w", *arguments]
    baseline = peak_kib(arguments, lambda descriptor: None)
    peak = peak_kib(arguments, feed_one_line(600_000_000))
    assert peak - baseline < 32 << 10, (peak, baseline)


def test_600_mb_of_nuls_take_no_memory_and_lose_nothing() -> None:
    baseline = peak_kib(["--punctuation", "w"], lambda descriptor: None)
    peak = peak_kib(["--punctuation", "w"], feed_nuls(600_000_000))
    assert peak - baseline < 32 << 10, (peak, baseline)


def test_groups_that_never_end_are_one_line(forks: Forks, tmp_path: Path) -> None:
    deep = b'{"ts": 1, "a": ' + b"[" * 100_000 + b"\n"
    huge = b'{"ts": 1, "a": ' + b"9" * 100_000 + b"}\n"
    long_name = b'{"ts": 1, "' + b"n" * 100_000 + b'": 1}\n'
    ended = run(forks, tmp_path, ["-t", "ts", "-b", "a", "-a", "sum(a)"], deep + huge + long_name)
    assert [len(row) for row in ended.out.splitlines()] == [31, 100_044, 44]
    assert "lines: 1 bad, first" in ended.err and "lines: 1 bad_values, first" in ended.err
