"""Writes the events of `generate.py` in another format: `written.py FORMAT EVENTS.ndjson FILE`.

The same events in the same order. Access lines have what such lines hold: the time at which the server got the event,
the device as a host, the country as a user, no latency.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Event = dict[str, Any]
NAMES = "occurred_at sent_at received_at device_id country path status latency_ms bytes user_agent".split()
LOG_FORMAT = '$host $remote_user [$time_local] "$request" $status $body_bytes $latency_ms "$http_user_agent"'


def host(event: Event) -> str:
    """An address for each device."""
    number = int(event["device_id"][1:])
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def clock(event: Event, pattern: str) -> str:
    """When the server got it."""
    return datetime.fromtimestamp(event["received_at"] / 1000, UTC).strftime(pattern)


def combined(event: Event) -> str:
    """As Apache and nginx write it."""
    request = f'"GET {event["path"]} HTTP/1.1" {event["status"]} {event["bytes"]}'
    time = clock(event, "%d/%b/%Y:%H:%M:%S +0000")
    return f'{host(event)} - {event["country"]} [{time}] {request} "-" "{event["user_agent"]}"'


def nginx(event: Event) -> str:
    """By LOG_FORMAT."""
    request = f'"GET {event["path"]} HTTP/1.1" {event["status"]} {event["bytes"]} {event["latency_ms"]}'
    time = clock(event, "%d/%b/%Y:%H:%M:%S +0000")
    return f'{host(event)} {event["country"]} [{time}] {request} "{event["user_agent"]}"'


def logfmt(event: Event) -> str:
    """As programs in Go write it."""
    return " ".join(
        f'{name}="{event[name]}"' if name == "user_agent" else f"{name}={event[name]}" for name in NAMES
    )


def iis(event: Event) -> str:
    """As IIS writes it: spaces in a cell are plus signs."""
    cells = (clock(event, "%Y-%m-%d %H:%M:%S"), *(str(event[name]).replace(" ", "+") for name in NAMES[3:]))
    return " ".join(cells)


def syslog(event: Event) -> str:
    """RFC 5424, with a short message."""
    time = datetime.fromtimestamp(event["received_at"] / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    message = f"GET {event['path']} {event['status']} in {event['latency_ms']} ms"
    return f"<134>1 {time}Z {event['device_id']} {event['country']} {event['bytes']} - - {message}"


def cri(event: Event) -> str:
    """A container that writes JSON."""
    time = datetime.fromtimestamp(event["received_at"] / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    return f"{time}000Z stdout F {json.dumps(event, separators=(',', ':'))}"


def cells(separator: str) -> Callable[[Event], str]:
    """A row of a table."""
    return lambda event: separator.join(str(event[name]) for name in NAMES)


def csv(event: Event) -> str:
    """The one text with commas in it stands in quotes."""
    return cells(",")(event | {"user_agent": f'"{event["user_agent"]}"'})


# What stands in front, a record, what stands between two of them and at the end.
FORMATS: dict[str, tuple[str, Callable[[Event], str], str, str]] = {
    "ndjson": ("", lambda event: json.dumps(event, separators=(",", ":")), "\n", "\n"),
    "json": ("[\n", lambda event: json.dumps(event, indent=1), ",\n", "\n]\n"),
    "csv": (
        ",".join(NAMES) + "\n",
        lambda event: cells(",")(event | {"user_agent": f'"{event["user_agent"]}"'}),
        "\n",
        "\n",
    ),
    "tsv": ("\t".join(NAMES) + "\n", cells("\t"), "\n", "\n"),
    "logfmt": ("", logfmt, "\n", "\n"),
    "combined": ("", combined, "\n", "\n"),
    "log_format": ("", nginx, "\n", "\n"),
    "w3c": ("#Fields: date time " + " ".join(NAMES[3:]) + "\n", iis, "\n", "\n"),
    "syslog": ("", syslog, "\n", "\n"),
    "cri": ("", cri, "\n", "\n"),
}
# What the decoders are asked for: a time, a text to be hashed, one to be a group, a number.
ASKED = {
    **dict.fromkeys(
        ("ndjson", "json", "csv", "tsv", "logfmt"), ("received_at", "device_id", "country", "latency_ms")
    ),
    "combined": ("time", "host", "path", "bytes"),
    "log_format": ("time_local", "host", "path", "latency_ms"),
    "w3c": ("time", "device_id", "country", "latency_ms"),
    "syslog": ("time", "host", "app", "severity"),
    "cri": ("time", "device_id", "country", "latency_ms"),
}


def written(format: str, events: Iterable[Event]) -> Iterator[str]:
    """The pieces of the file."""
    front, record, between, end = FORMATS[format]
    yield front
    for number, event in enumerate(events):
        yield (between if number else "") + record(event)
    yield end


if __name__ == "__main__":
    name, source, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as file:
        file.writelines(written(name, map(json.loads, lines)))
