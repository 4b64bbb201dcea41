"""Whole streams and options for property tests; small alphabets, so that collisions and ties are common.

`cases()` draws inputs with options that fit them; `cuts()` and `threads()` draw what must not matter.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hypothesis import strategies as st
from oracle.lines import BOM
from oracle.options import Options
from oracle.text import iso

from tools.questions import asked_of_rows, chosen_events

WINDOWS = {
    "tumbling": ["tumbling:5s", "tumbling:5s", "tumbling:10s", "tumbling:2.5s", "tumbling:1d", "tumbling:1w"],
    "hopping": [
        "hopping:10s/5s",
        "hopping:20s/4s",
        "hopping:6s/10s",
        "hopping:30s/5s",
        "hopping:50s/4s",
        "hopping:2d/1d",
    ],
    "all": ["all"],
    "sliding": ["sliding:5s", "sliding:10s"],
    "session": ["session:3s", "session:7s"],
}
AGGREGATES = [
    "count()",
    "count(v)",
    "sum(v)",
    "mean(v)",
    "min(v)",
    "max(v)",
    "var(v)",
    "stddev(v)",
    "first(v)",
    "last(u)",
    "rate()",
    "rate(v)",
    "distinct(u)",
    "distinct(v)",
    "p50(v)",
    "p99.9(v)",
    "quantile(v, 0.25)",
    "histogram(v)",
    "histogram(v, 0, 10)",
    "top(u, 3)",
    "new(u)",
    "members(u)",
    "big=count() if v > 5",
    "sum(v) if k == 1",
    "scaled=sum(n * 2 + 1)",
    "median(v)",
    "p10,p90,min(n)",
    "mean,max(n) if ok",
    "arg_max(u, v)",
    "arg_min(u, v)",
    "arg_max(v, n) if k == 1",
    "best=arg_min(v, n * 2 - v)",
    "values(u)",
    "values(v, 3)",
    "smallest=values(n * 2, 2)",
]
NOT_SLIDING = ("top", "members", "histogram", "arg_", "best=", "values", "smallest=")
ZONES = ["UTC", "Europe/Berlin", "America/Santiago", "Asia/Kolkata"]

GROUPS = ['"a"', '"a"', '"b"', "1", "1.0", '"1"', "true", "null", '{"x":1}', "", ""]  # "" is a missing field
NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "-1",
    "-5",
    "0.5",
    "1.25",
    "-2.75",
    "2047",
    "2049",
    "1000000",
    "1e3",
]
WILD = [
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e300",
    "-1e300",
    "1e-300",
    "1e400",
]
OTHERS = ["null", "true", "false", '"5"', '"x"', '""', "[1]", '{"a":2}']
REPEATED = ['"i1"', '"i2"', '"i3"', '"i4"', '"i5"', '"i6"', '"i7"', "1", "1.0", '"1"', "null", ""]
IDS = ['"u1"', '"u2"', '"u3"', '"\\u0075\\u0031"', "1", "1.0", "null", "true", '"é"', ""]
BAD_LINES = [
    b"{",
    b"}",
    b'{"ts":1',
    b'{"ts":1}}',
    b"[]",
    b"1",
    b'"x"',
    b"null",
    b"nul",
    b'{"ts":1,}',
    b'{"ts":01}',
    b'{"ts":1 "v":2}',
    b"{'ts':1}",
    b'{"ts":NaN}',
    b'{"ts":1,"v":"\xff"}',
    b'{"ts":1,"v":"\xed\xa0\x80"}',
    b'{"ts":1,"v":"\x01"}',
    b'{"ts":1,"v":"\\x"}',
    b'{"ts":1}{"ts":1}',
    b'{"ts":1}\x00',
    b' \x00{"ts":1}',
    b'{"ts":1,"v":' + b"[" * 1024 + b"]" * 1024 + b"}",
]
BLANK_LINES = [b"", b" ", b"\t", b"\r", b" \t \r"]


@dataclass(frozen=True)
class StreamCase:
    """Inputs, each a list of lines without newline, options, and whether each last line ends in one."""

    inputs: list[list[bytes]]
    options: Options
    newline_at_end: bool = True
    hole: int = 0  # so many NULs stand in front of every third line, and at the end

    @property
    def data(self) -> list[bytes]:
        """The bytes of each input."""
        end, hole = b"\n" if self.newline_at_end else b"", b"\0" * self.hole
        data = []
        for lines in self.inputs:
            dug = [line if i % 3 or line.startswith(BOM) else hole + line for i, line in enumerate(lines)]
            whole = b"\n".join(dug) + (end or b"\n" * (lines[-1] == b"")) if lines else b""
            data.append(whole if whole and not whole.endswith(b"\n") else whole + hole)
        return data


def seconds(spread: int = 60) -> st.SearchStrategy[int]:
    """Event times in microseconds: mostly whole seconds, about the epoch, so before it too."""
    whole = st.integers(-spread // 4, spread).map(lambda second: second * 1_000_000)
    return st.one_of(whole, whole, whole, st.integers(-spread * 250_000, spread * 1_000_000))


@st.composite
def time_texts(draw: st.DrawFn, time: int) -> str:
    """A JSON spelling of a time that fits `--time-unit auto`: a number of seconds or a text."""
    form = draw(st.sampled_from(["number", "number", "number", "text", "digits", "zone"]))
    sign = "-" if time < 0 else ""
    whole, rest = divmod(abs(time), 1_000_000)
    number = (
        f"{sign}{whole}.{rest:06}" if rest else f"{sign}{whole}" + draw(st.sampled_from(["", "", ".0", "e0"]))
    )
    if form == "number":
        return number
    if form == "digits":
        return json.dumps(number)
    text = iso(time)
    if form == "zone":
        text = iso(time + 5400 * 1_000_000).replace("Z", "+01:30")
    return json.dumps(draw(st.sampled_from([text, text.lower(), text.replace("T", " ")])))


UNREADABLE = ["null", '"x"', '""', "true", "[]", "1e30", '"2026-02-30"', '"1970-01-01T24:00:00Z"']


@st.composite
def events(draw: st.DrawFn, time: int, extra: Sequence[str] = (), wild: bool = True) -> bytes:
    """One event line with ts, k, v, u, n, p, ok, id and, where asked for, sent and received."""
    members: dict[str, str] = {"ts": draw(time_texts(time))}
    if draw(st.integers(0, 29)) == 29:
        members["ts"] = draw(st.sampled_from(["", *UNREADABLE]))
    values = [*NUMBERS, *NUMBERS, *OTHERS, "", *(WILD if wild else [])]
    members["k"] = draw(st.sampled_from(GROUPS))
    members["v"] = draw(st.sampled_from(values))
    members["u"] = draw(st.sampled_from(IDS))
    members["n"] = draw(st.sampled_from(["1", "2", "0.5", "null", '"x"', ""]))
    members["p"] = draw(st.sampled_from(['"A"', '"A"', '"B"', '"B"', "1", ""]))
    members["ok"] = draw(st.sampled_from(["true", "true", "true", "false", "null", ""]))
    members["id"] = draw(st.sampled_from(REPEATED))
    if "sent" in extra:
        sent = time + draw(st.integers(-1, 5)) * 1_000_000
        members["s"] = draw(st.one_of(time_texts(sent), time_texts(sent), st.sampled_from(["", '"x"'])))
    if "received" in extra:
        received = time + draw(st.integers(-8, 20)) * 1_000_000
        members["r"] = draw(
            st.one_of(time_texts(received), time_texts(received), st.sampled_from(["", '"x"']))
        )
    names = draw(st.permutations(sorted(members))) if draw(st.booleans()) else list(members)
    body = draw(st.sampled_from([",", ", "])).join(
        f'"{name}":{members[name]}' for name in names if members[name]
    )
    if draw(st.integers(0, 29)) == 29 and members["v"]:
        body = '"v":"hidden by the later v",' + body
    return ("{" + body + "}").encode() + draw(st.sampled_from([b"", b"", b"", b"\r", b" "]))


@st.composite
def promises(draw: st.DrawFn, time: int) -> bytes:
    """A line with the field `w`: a promise, of a producer or for all, sometimes unreadable."""
    text = draw(st.one_of(time_texts(time), time_texts(time), time_texts(time), st.sampled_from(UNREADABLE)))
    producer = draw(st.sampled_from(["", "", ',"p":"A"', ',"p":"B"', ',"p":1', ',"p":null', ',"ts":5']))
    return f'{{"w":{text}{producer}}}'.encode()


@st.composite
def lines(draw: st.DrawFn, extra: Sequence[str] = (), wild: bool = True, spread: int = 30) -> list[bytes]:
    """One input: events in a disorder that drifts forward, promises, bad and blank lines, perhaps a mark.

    Some lines come once more, near or far: what a sender does that was told nothing.
    """
    result: list[bytes] = []
    base = 0
    for _ in range(draw(st.integers(0, 40))):
        kind = draw(st.integers(0, 21))
        base += draw(st.sampled_from([0, 0, 1, 2, 5])) * 1_000_000
        time = base + draw(seconds(spread)) - spread * 500_000 if kind < 16 else base
        if kind > 19 and result:
            result.append(draw(st.sampled_from(result)))
        elif kind == 17:
            result.append(draw(st.sampled_from(BAD_LINES)))
        elif kind == 18:
            result.append(draw(st.sampled_from(BLANK_LINES)))
        elif kind == 19:
            result.append(draw(promises(time + draw(st.integers(-10, 10)) * 1_000_000)))
        else:
            result.append(draw(events(time, extra, wild)))
    if result and draw(st.integers(0, 9)) == 9:
        result[0] = BOM + result[0]
    return result


def durations(*texts: str) -> st.SearchStrategy[str | None]:
    """One of these, or not given."""
    return st.sampled_from([None, *texts])


@st.composite
def options(
    draw: st.DrawFn,
    windows: Sequence[str] = ("tumbling", "hopping", "all"),
    aggregates: Sequence[str] = (),
    timezone: str | None = None,
    producers: Sequence[str | None] = (),
) -> Options:
    """Options that go with `lines`; kinds of windows and aggregates may be narrowed, and what names producers."""
    kind = draw(st.sampled_from(list(windows)))
    allowed = list(aggregates) or AGGREGATES
    if kind == "sliding":
        allowed = [text for text in allowed if not text.startswith(NOT_SLIDING)]
    late = draw(st.sampled_from(["drop", "update", "retract"]))
    correction = draw(st.sampled_from(["", "", "", "", "received", "both"]))
    window = draw(st.sampled_from(WINDOWS[kind]))
    by = draw(st.sampled_from([[], ["k"], ["k"], ["k,ok"], ["who=lower(u)"], ["k", "more=n > 1"]]))
    gridded = kind in ("tumbling", "hopping") and window[-1] not in "dw"
    completeness = kind != "sliding" and draw(st.integers(0, 3)) == 3
    producers = producers or ([None, "p", "p"] if completeness else [None, None, None, "p"])
    zone = timezone or draw(st.sampled_from(ZONES))
    plain = Options(
        window=window,
        by=by,
        agg=draw(st.lists(st.sampled_from(allowed), min_size=1, max_size=5, unique=True)),
        where=draw(
            st.sampled_from(
                [None, None, None, None, "ok", "v > 1", "k in (1, 2) or ok", "not ok or v is None"]
            )
        ),
        time=draw(st.sampled_from(["ts", "ts", "ts", "n,ts", "ts + 0,ts", "n * 2,ts + 1", "lower(ts), ts"])),
        sent="s" if correction == "both" else None,
        received="r" if correction else None,
        offset_by="u" if correction == "both" and draw(st.booleans()) else None,
        earliest=draw(st.sampled_from([None, None, None, "1970-01-01T00:00:03Z"])),
        timezone=zone,
        origin="1970-01-01T00:00:01.5Z" if gridded and draw(st.booleans()) else None,
        delay=draw(durations("0s", "0s", "1s", "5s", "20s")),
        producer=draw(st.sampled_from(producers)),
        idle=draw(durations("3s", "10s", "50s")),
        punctuation=draw(st.sampled_from([None, "w"])),
        max_ahead=draw(durations("0s", "5s", "inf")) if correction else None,
        late=late,
        allowed_lateness=None
        if late == "drop"
        else draw(st.sampled_from(["0s", "8s", "30s", "1m", "1m", "inf"])),
        max_groups=draw(st.sampled_from([None, None, None, "1", "2", "4"])) if by else None,
        fill=gridded and draw(st.booleans()),
        completeness=completeness,
    )
    return replace(plain, **draw(chosen_events(zone)), **draw(asked_of_rows(plain, kind)))


@st.composite
def cases(
    draw: st.DrawFn,
    windows: Sequence[str] = ("tumbling", "hopping", "all"),
    aggregates: Sequence[str] = (),
    inputs: int = 3,
    wild: bool = True,
) -> StreamCase:
    """Up to `inputs` inputs and options that fit them; `wild` numbers are those at the edges of types."""
    chosen = draw(options(windows, aggregates))
    extra = [name for name, given in (("sent", chosen.sent), ("received", chosen.received)) if given]
    # More events of a device, out of order, than the engine keeps as they are would not be told exactly.
    most = 1 if chosen.offset_by else inputs
    count = draw(st.sampled_from([1, 1, 1, 1, *range(2, most + 1)]))
    streams = [draw(lines(extra, wild)) for _ in range(count)]
    return StreamCase(streams, chosen, draw(st.booleans()), draw(st.sampled_from([0, 0, 0, 1, 70])))


@st.composite
def promising(draw: st.DrawFn, some: st.SearchStrategy[StreamCase]) -> StreamCase:
    """Such a case, perhaps of a run that promises."""
    case = draw(some)
    return replace(case, options=replace(case.options, promises=draw(st.booleans())))


def cuts(length: int) -> st.SearchStrategy[list[int]]:
    """Positions at which bytes of this length may be cut into blocks: any, none, or every one."""
    some = st.lists(st.integers(1, max(1, length - 1)), max_size=12, unique=True).map(sorted)
    return st.one_of(some, st.just(list(range(1, length)))) if length > 1 else st.just([])


def cut(data: bytes, positions: Sequence[int]) -> list[bytes]:
    """The blocks between the cuts."""
    edges = [0, *positions, len(data)]
    return [data[lo:hi] for lo, hi in pairwise(edges)]


def threads() -> st.SearchStrategy[int]:
    """Numbers of worker threads."""
    return st.sampled_from([1, 2, 3, 8])
