"""The same events in every format, and the question that gives the same report for all of them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LOG_FORMAT = "$k [$time_local] $v"


@dataclass(frozen=True)
class Written:
    """One way to write events. heading: what each file begins with; bad: a record that cannot be read."""

    input: str
    record: Callable[[datetime, str, int], str]
    bad: str
    heading: str = ""
    key: str = "k"
    value: str = "v"
    is_told: bool = True  # by its first records

    def text(self, events: Iterable["Event"]) -> str:
        """Records, without the heading."""
        return "".join(
            (self.bad if key is None else self.record(_at(when), key, value)) + "\n"
            for when, key, value in events
        )

    @property
    def question(self) -> list[str]:
        """Options of a run."""
        return ["-w", "tumbling:10s", "-b", f"k={self.key}", "-a", f"s=sum({self.value})", "--delay", "5s"]


Event = tuple[int, str | None, int]  # seconds, key (None: a bad record), value


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(1_780_000_000 + seconds, UTC)


def _iso(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def _local(when: datetime) -> str:
    return when.strftime("%d/%b/%Y:%H:%M:%S +0000")


def _object(when: datetime, key: str, value: int) -> dict[str, object]:
    return {"time": _iso(when), "k": key, "v": value, "more": [{"a": "}\n{"}]}


def _cri(when: datetime, key: str, value: int) -> str:
    """Every third one in two parts."""
    text = json.dumps(_object(when, key, value))
    if value % 3:
        return f"{_iso(when)} stdout F {text}"
    return f"{_iso(when)} stdout P {text[:9]}\n{_iso(when)} stdout F {text[9:]}"


WRITTEN = {
    "ndjson": Written("ndjson", lambda *event: json.dumps(_object(*event)), "oops"),
    "json": Written("json", lambda *event: json.dumps(_object(*event), indent=2), '{"time": oops}'),
    "csv": Written(
        "csv",
        lambda when, key, value: f'{_iso(when)},"{key}\n""",{value}',
        'a,"b"c,d',
        "time,k,v\n",
        key="split(k, '\\n', 0)",
    ),
    "tsv": Written("tsv", lambda when, key, value: f"{_iso(when)}\t{key}\t{value}", "a\tb", "time\tk\tv\n"),
    "logfmt": Written(
        "logfmt", lambda when, key, value: f'time={_iso(when)} k="{key}" v={value} retry', "oops"
    ),
    "combined": Written(
        "combined",
        lambda when, key, value: (
            f'{key} - - [{_local(when)}] "GET /\\" HTTP/1.1" 200 {value} "-" "curl \\"8\\""'
        ),
        'a - - [oops "GET',
        key="host",
        value="bytes",
    ),
    "common": Written(
        "common",
        lambda when, key, value: f'{key} - - [{_local(when)}] "GET / HTTP/1.1" 200 {value}',
        "oops",
        key="host",
        value="bytes",
        is_told=False,
    ),
    "log_format": Written(
        LOG_FORMAT, lambda when, key, value: f"{key} [{_local(when)}] {value}", "oops", is_told=False
    ),
    "w3c": Written(
        "w3c",
        lambda when, key, value: f"{when:%Y-%m-%d %H:%M:%S} {key} {value}",
        "2026-01-01 a",
        "#Version: 1.0\n#Fields: date time k v\n",
    ),
    "re": Written(
        r"re:^(?P<time>\S+) (?P<k>\w+)=(?P<v>\d+)$",
        lambda when, key, value: f"{_iso(when)} {key}={value}",
        "oops",
        is_told=False,
    ),
    "syslog": Written(
        "syslog",
        lambda when, key, value: f'<13>1 {_iso(when)} {key} app - - [x@1 n="]{value}"] {value}',
        "<13>1 oops",
        key="host",
        value="number(message)",
    ),
    "cri": Written("cri", _cri, "oops"),
}
