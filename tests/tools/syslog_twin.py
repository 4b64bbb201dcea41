"""A syslog line as the contract reads it, with regular expressions."""

import re

NAMES = ("priority", "facility", "severity", "time", "host", "app", "pid", "msgid", "message")
_PRIORITY = re.compile(rb"<(0|[1-9][0-9]{0,2})>")
_ISO = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_VERSION = re.compile(rb"[1-9][0-9]{0,2} (?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|-(?: |\Z))")
_OLD_TIME = re.compile(rb"[A-Za-z]{3} [ 0-9][0-9] \d\d:\d\d:\d\d(?:\.\d*)?(?= |\Z)")
_ELEMENT = re.compile(rb'\[([^ \]]+)((?: [^= \]]+="(?:\\.|[^"\\])*")*)\]', re.DOTALL)
_PARAMETER = re.compile(rb' ([^= \]]+)="((?:\\.|[^"\\])*)"', re.DOTALL)
_TAG = re.compile(rb"([^\[]+)\[([^\]]*)\](?::|\Z)")
Fields = dict[str, str | int | None]


def read(line: bytes) -> Fields | None:
    """The fields of a line, None if it is none.

    >>> read(b"<34>Oct 11 22:14:15 host su[7]: x")["app"]
    'su'
    """
    try:
        line.decode()
    except UnicodeDecodeError:
        return None
    fields: Fields = dict.fromkeys(NAMES)
    if line.startswith(b"<"):
        priority = _PRIORITY.match(line)
        if priority is None or int(priority[1]) > 191:
            return None
        number = int(priority[1])
        fields |= {"priority": number, "facility": number // 8, "severity": number % 8}
        line = line[priority.end() :]
    if version := _VERSION.match(line):
        return fields if _structured(line[version.end() :], fields) else None
    return fields if _plain(line, fields) else None


def _text(word: bytes) -> str | None:
    return None if word == b"-" else word.decode()


def _structured(line: bytes, fields: Fields) -> bool:
    words = line.split(b" ", 5)
    if len(words) < 6 or not words[5]:
        return False
    fields |= zip(("time", "host", "app", "pid", "msgid"), map(_text, words[:5]), strict=True)
    rest = words[5]
    if rest.startswith(b"-"):
        rest = rest[1:]
    else:
        if not rest.startswith(b"["):
            return False
        while rest.startswith(b"["):
            element = _ELEMENT.match(rest)
            if element is None:
                return False
            for name, value in _PARAMETER.findall(element[2]):
                plain = re.sub(rb'\\(["\\\]])', rb"\1", value)
                fields[f"sd.{element[1].decode()}.{name.decode()}"] = plain.decode()
            rest = rest[element.end() :]
    if rest[:1] not in (b"", b" "):
        return False
    if rest:
        fields["message"] = rest[1:].removeprefix(b"\xef\xbb\xbf").decode()
    return True


def _plain(line: bytes, fields: Fields) -> bool:
    if _ISO.match(line):
        time, _, rest = line.partition(b" ")
    elif found := _OLD_TIME.match(line):
        time, rest = found[0], line[found.end() + 1 :]
    else:
        return False
    fields["time"] = time.decode()
    if not rest or _tag(rest, fields):
        return True
    host, _, rest = rest.partition(b" ")
    fields["host"] = _text(host)
    if rest and not _tag(rest, fields):
        fields["message"] = rest.decode()
    return True


def _tag(rest: bytes, fields: Fields) -> bool:
    word = rest.partition(b" ")[0]
    if found := _TAG.match(word):
        fields |= {"app": found[1].decode(), "pid": found[2].decode() or None}
        rest = rest[found.end() :] if found[0][-1:] != b":" else rest[found.end() - 1 :]
    elif len(word) > 1 and word.endswith(b":"):
        fields["app"] = word[:-1].decode()
        rest = rest[len(word) - 1 :]
    else:
        return False
    fields["message"] = rest.removeprefix(b":").removeprefix(b" ").decode()
    return True
