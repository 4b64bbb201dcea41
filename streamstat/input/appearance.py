"""What an input looks like that cannot be read as it was, by its first bytes; and what reads it.

Only messages need it. Where a guess may well be wrong, there is nothing to say.
"""

import re

from streamstat.common.record import record
from streamstat.common.terminal import quoted
from streamstat.input.detection import first_ones_tell
from streamstat.input.events import decode_bytes, decoder_of
from streamstat.input.formats import Format, name_of
from streamstat.input.sources.archives import archive_of, file_of
from streamstat.input.sources.codecs import codecs_that_begin, is_begun

_DUCKDB = "duckdb -c \"copy (from 'FILE') to '/dev/stdout' (format json)\" | streamstat run"
_ONCE = {".zst": "zstdcat", ".xz": "xzcat", ".bz2": "bzcat", ".gz": "zcat"}
_SIGNATURES = (
    (b"PAR1", "Parquet", _DUCKDB),
    (b"ORC", "ORC", "orc-contents FILE | streamstat run"),
    (b"Obj\x01", "Avro", "avro-tools tojson FILE | streamstat run"),
    (b"ARROW1\0\0", "Arrow", ""),
    (b"SQLite format 3\0", "an SQLite database", "sqlite3 -json FILE 'select * from TABLE' | streamstat run"),
    (b"LPKSHHRH", "a journal of systemd", "journalctl --file FILE -o json | streamstat run"),
    (b"__CURSOR=", "an export of systemd's journal", "journalctl -o json | streamstat run"),
    (b"ElfFile\0", "an event log of Windows", "evtx_dump -o jsonl FILE | streamstat run"),
    (b"\xd4\xc3\xb2\xa1", "a pcap capture", "tshark -r FILE -T ek writes JSON lines"),
    (b"\xa1\xb2\xc3\xd4", "a pcap capture", "tshark -r FILE -T ek writes JSON lines"),
    (b"\x4d\x3c\xb2\xa1", "a pcap capture", "tshark -r FILE -T ek writes JSON lines"),
    (b"\n\r\r\n", "a pcapng capture", "tshark -r FILE -T ek writes JSON lines"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7z x -so FILE | streamstat run"),
    (b"Rar!\x1a\x07", "a RAR archive", "unrar p -inul FILE | streamstat run"),
    (b"\x04\x22\x4d\x18", "lz4 data", "lz4 -dc FILE | streamstat run"),
    (b"LZIP", "lzip data", "lzip -dc FILE | streamstat run"),
    (b"\x1f\x9d", "data of compress", "zcat FILE | streamstat run"),
    (b"\xff\x06\0\0sNaPpY", "snappy data", "snzip -dc FILE | streamstat run"),
    (b"\x7fELF", "a program (ELF)", ""),
    (b"\xcf\xfa\xed\xfe", "a program (Mach-O)", ""),
    (b"MZ\x90\0", "a program of Windows", ""),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", ""),
    (b"\xff\xd8\xff", "a picture (JPEG)", ""),
    (b"GIF8", "a picture (GIF)", ""),
    (b"%PDF-", "a PDF document", ""),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of Office", ""),
)
_PAIR = r"(?:- )?[\w.-]+:(?:[ \t][^\n]*)?\n"
_MARKUP = (
    (re.compile(r"(?i)<!doctype html|<html[\s>]"), "HTML, a web page", ""),
    (
        re.compile(r"<\?xml\b|<[A-Za-z][\w:.-]*(\s[^<>]*)?>"),
        "XML",
        "yq -p xml -o json -I 0 FILE | streamstat run",
    ),
    (re.compile(r"\{'[^'\n]*': "), "dictionaries as Python prints them", "json.dumps(event) writes JSON"),
)
_TEXTS = (
    (
        re.compile(rf"%YAML |---[ \t]*\n|{_PAIR}[ \t]*{_PAIR}"),
        "YAML",
        "yq -o json -I 0 FILE | streamstat run",
    ),
)

_READ_ANYTHING = ("csv", "tsv", "logfmt")  # they read nearly any line as something
_TABLE_LINES = 20
_SEPARATORS = (
    ("\t", "tsv", ""),
    (";", "csv", " --separator ';'"),
    (",", "csv", ""),
    ("|", "csv", " --separator '|'"),
)

_DATE = r"\d{1,4}[-/. ](?:\d{1,2}|[A-Z][a-z]{2})[-/. ]\d{1,4}|[A-Z][a-z]{2} +\d{1,2}(?: \d{4})?"
_TIME_IN_FRONT = re.compile(
    rf"([\[(]?)((?:{_DATE})[T :]\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:[.,]\d+)?(?:Z| ?[+-]\d{{2}}:?\d{{2}})?)([\])]?)"
)


@record
class Appearance:
    """What it looks like, and what reads it, empty where nothing does."""

    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"it looks like {self.what}" + (f": {self.remedy}" if self.remedy else "")


def looks_like(head: bytes, name: str, format: Format) -> Appearance | None:
    """What the first bytes of an input tell, decompressed as far as it was; None if nothing.

    name: of the input. format: the one it was read as.

    >>> from streamstat.input.formats.ndjson import Ndjson
    >>> str(looks_like(b"Obj\\x01...", "a.avro", Ndjson()))
    'it looks like Avro: avro-tools tojson a.avro | streamstat run'
    """
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    return (
        _signed(head, name)
        or _packed_again(head, name)
        or _binary(head, name)
        or _matching(_MARKUP, text, name)
        or of_another_format(head, format)
        or _matching(_TEXTS, text, name)
        or _lines(text)
        or _prose(text)
        or _table(text, format)
    )


def _signed(head: bytes, name: str) -> Appearance | None:
    """What begins in a way of its own."""
    if (archive := archive_of(head)) is not None:
        return Appearance(f"a {archive.name}", f"{archive.prints} {file_of(name)} | streamstat run")
    found = next(((what, remedy) for magic, what, remedy in _SIGNATURES if head.startswith(magic)), None)
    return None if found is None else Appearance(found[0], _filled(found[1], name))


def _packed_again(head: bytes, name: str) -> Appearance | None:
    """What is compressed, below a compression that was taken off."""
    codec = next((each for each in codecs_that_begin(head) if is_begun(each, head)), None)
    if codec is None:
        return None
    once = next((command for end, command in _ONCE.items() if name.endswith(end)), "zcat")
    return Appearance(f"{codec.name} data, compressed twice", f"{once} {file_of(name)} | streamstat run")


def _binary(head: bytes, name: str) -> Appearance | None:
    """What is no text in UTF-8, as far as its bytes tell."""
    if (order := _utf16_without_mark(head)) is not None:
        remedy = f"iconv -f {order} -t UTF-8 {file_of(name)} | streamstat run"
        return Appearance(f"{order} without a byte-order mark", remedy)
    controls = len(head) - len(head.translate(None, bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))))
    replaced = head.decode("utf-8", "replace").count("\ufffd")
    is_binary = controls > 0.02 * len(head) or replaced > 0.3 * len(head)
    return Appearance("binary data") if is_binary else None


def _utf16_without_mark(head: bytes) -> str | None:
    """The order of its bytes, if this is UTF-16 of mostly Latin text."""
    head = head[: len(head) // 2 * 2]
    pairs, even, odd = len(head) // 2, head[::2].count(0), head[1::2].count(0)
    if pairs < 4 or max(even, odd) < 0.4 * pairs or min(even, odd) > 0.1 * pairs:
        return None
    return "UTF-16BE" if even > odd else "UTF-16LE"


def of_another_format(head: bytes, format: Format) -> Appearance | None:
    """What another format reads, or the same with another option."""
    whole = head[: head.rfind(b"\n") + 1] or head  # the last line may be cut off
    told = first_ones_tell(memoryview(whole), True)
    if told is None or _asked_for(told) == _asked_for(format):
        return None
    found = _records(told, whole)
    if not found or (name_of(format) not in _READ_ANYTHING and _records(format, whole) >= found):
        return None  # it was told because nothing else was, or reads what is read anyway
    return Appearance(name_of(told), f"{_asked_for(told)} reads it")


def _records(format: Format, content: bytes) -> int:
    return decode_bytes(decoder_of(format, {}), content).rows


def _asked_for(format: Format) -> str:
    """The options that ask for a format, of those that the first records tell."""
    separator = format.as_record().get("separator", ",")
    other = "" if separator == "," else f" --separator {quoted(separator)}"
    return f"--input {name_of(format)}{other}"


def _matching(
    patterns: tuple[tuple[re.Pattern[str], str, str], ...], text: str, name: str
) -> Appearance | None:
    found = next(((what, remedy) for pattern, what, remedy in patterns if pattern.match(text)), None)
    return None if found is None else Appearance(found[0], _filled(found[1], name))


def _table(text: str, format: Format) -> Appearance | None:
    """Lines with the same separator as often, though not often enough to be told by themselves."""
    if name_of(format) != "ndjson" or text.startswith(("{", "[")):
        return None  # it is known what they are
    lines = text.splitlines()[:_TABLE_LINES]
    lines = lines if text.endswith("\n") or len(lines) == 2 else lines[:-1]  # the last line may be cut off
    for separator, name, options in _SEPARATORS:
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and 0 not in counts:
            return Appearance(name, f"--input {name}{options} reads it")
    return None


def _lines(text: str) -> Appearance | None:
    """Lines of text that no format knows: a pattern reads them, if they begin with a time."""
    found = _TIME_IN_FRONT.match(text)
    if found is None:
        return None
    front, time = re.escape(found[1]), re.sub("[0-9]+", r"\\d+", re.sub(r"([.+?*()\[\]])", r"\\\1", found[2]))
    time = re.sub("[A-Z][a-z]{2}", r"\\w+", time)
    pattern = f"re:^{front}(?P<time>{time}){re.escape(found[3])} *(?P<message>.*)"
    return Appearance("lines of text that begin with a time", f"--input '{pattern}' reads them")


def _prose(text: str) -> Appearance | None:
    """Words with spaces between and little else."""
    letters = sum(character.isalpha() or character in " \n.,'" for character in text)
    return Appearance("plain text") if letters > 0.9 * len(text) and " " in text else None


def _filled(remedy: str, name: str) -> str:
    """A remedy with the name of the file, quoted as SQL wants it or as a shell does."""
    is_file = file_of(name) != "FILE"
    literal = "'" + name.replace("'", "''") + "'" if is_file else "'FILE'"
    return remedy.replace("'FILE'", literal) if "'FILE'" in remedy else remedy.replace("FILE", file_of(name))
