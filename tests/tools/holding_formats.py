"""Every format with a text that holds an object, whose array holds more: what `--unwrap` and `--each` are for."""

import json
from collections.abc import Callable
from dataclasses import dataclass

LOG_FORMAT = "$k [$time] $log"


@dataclass(frozen=True)
class Holding:
    """One way to write a record of a time, a key and a text. key, text: the names that these have."""

    input: str
    record: Callable[[str, str, str], str]
    heading: str = ""
    key: str = "k"
    text: str = "log"


def _quoted(text: str) -> str:
    """As JSON and access logs escape quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _object(time: str, key: str, text: str) -> dict[str, object]:
    return {"time": time, "k": key, "log": text}


HOLDING = {
    "ndjson": Holding("ndjson", lambda *values: json.dumps(_object(*values))),
    "json": Holding("json", lambda *values: json.dumps(_object(*values), indent=2)),
    "csv": Holding(
        "csv",
        lambda time, key, text: ",".join((time, key, '"' + text.replace('"', '""') + '"')),
        "time,k,log\n",
    ),
    "tsv": Holding("tsv", lambda time, key, text: f"{time}\t{key}\t{text}", "time\tk\tlog\n"),
    "logfmt": Holding("logfmt", lambda time, key, text: f'time={time} k={key} log="{_quoted(text)}"'),
    "combined": Holding(
        "combined",
        lambda time, key, text: f'{key} - - [{time}] "GET / HTTP/1.1" 200 1 "-" "{_quoted(text)}"',
        key="host",
        text="agent",
    ),
    "common": Holding(
        "common",
        lambda time, key, text: f'{key} {_quoted(text)} - [{time}] "GET / HTTP/1.1" 200 1',
        key="host",
        text="ident",
    ),
    "log_format": Holding(LOG_FORMAT, lambda time, key, text: f"{key} [{time}] {text}"),
    "w3c": Holding("w3c", lambda time, key, text: f"{time} {key} {text}", "#Fields: time k log\n"),
    "re": Holding(
        r"re:^(?P<time>\S+) (?P<k>\w+) (?P<log>.*)$", lambda time, key, text: f"{time} {key} {text}"
    ),
    "syslog": Holding(
        "syslog", lambda time, key, text: f"<13>1 {time} {key} app - - - {text}", key="host", text="message"
    ),
    "cri": Holding("cri", lambda time, key, text: f"{time} stdout F {json.dumps({'k': key, 'log': text})}"),
}
