"""Records of every format, most of them good, whose values and names may be anything."""

from dataclasses import dataclass

from hypothesis import strategies as st

VALUES = [
    *[
        b"-",
        b"",
        b"0",
        b"-0",
        b"200",
        b"1.50",
        b"1e400",
        b"01",
        b"123456789012345678901234567890",
        b"true",
        b"null",
    ],
    *[
        b"a b",
        b"\\x22",
        b"\\\\",
        b'\\"',
        b"\\n",
        b"\\u00e9",
        b"\\ud83d",
        b"\\xC3\\xA9",
        b"\\xE2",
        b"\\",
        b'"',
        b'""',
    ],
    *[
        "é".encode(),
        "\U0001f600".encode(),
        "\u2028".encode(),
        b"\xff",
        b"\x01",
        b"\x1b[0m",
        b"\x7f",
        b"\t",
        b"\0",
    ],
    *[b"GET /a?b=\\xff HTTP/1.1", b"GET /", b"2026-05-01T10:00:00Z", b"q" * 70, b"{}", b"\r", b"\n"],
]
NAMES = [b"a", b"b", b"a.b", b"a[0]", b"v", "é".encode(), b'q"\\', b"\x01", b"time", b"log", b""]
INSIDE = [
    b'{"v":1}',
    b'{"log":"x","c":[{"v":2},{"v":[]},7]}',
    b'{"a":{"b":null},"c":[{"a.b":true,"v":1},{}]}',
    b'{"c":[]}',
    b'{"v":1',
    b"[]",
]
NO_HEADING = st.just(b"")
value = st.sampled_from(VALUES) | st.sampled_from(INSIDE) | st.binary(max_size=5)
name = st.sampled_from(NAMES)


@dataclass(frozen=True)
class Hostile:
    """How records of a format are drawn. text: the field that may hold an object."""

    input: str
    records: st.SearchStrategy[bytes]
    text: str
    heading: st.SearchStrategy[bytes] = NO_HEADING

    @property
    def data(self) -> st.SearchStrategy[bytes]:
        """A few records, behind a heading."""
        records = st.lists(self.records, min_size=1, max_size=5).map(b"\n".join)
        return st.tuples(self.heading, records).map(b"".join)


def filled(template: bytes, values: st.SearchStrategy[bytes] = value) -> st.SearchStrategy[bytes]:
    """A line with something at each `@`."""
    parts = template.split(b"@")
    drawn = st.lists(values, min_size=len(parts) - 1, max_size=len(parts) - 1)
    return drawn.map(
        lambda found: b"".join(part + each for part, each in zip(parts, [*found, b""], strict=True))
    )


def escaped(text: bytes) -> bytes:
    """As JSON and access logs escape quotes."""
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def without_blanks(text: bytes) -> bytes:
    return text.translate(None, b" \t\n")


def quoted_cell(text: bytes) -> bytes:
    return b'"' + text.replace(b'"', b'""') + b'"'


def table(separator: bytes, cells: st.SearchStrategy[bytes], columns: int = 4) -> st.SearchStrategy[bytes]:
    """Mostly as many cells as there are columns."""
    few = st.lists(cells, min_size=columns, max_size=columns) | st.lists(cells, max_size=columns + 1)
    return few.map(separator.join)


def heading(begin: bytes, separator: bytes) -> st.SearchStrategy[bytes]:
    """Three names and `log`."""
    names = st.lists(name.filter(bool), min_size=3, max_size=3)
    return names.map(lambda found: begin + separator.join([*found, b"log"]) + b"\n")


string = (value.map(escaped) | st.sampled_from(INSIDE).map(escaped)).map(lambda text: b'"' + text + b'"')
spaces = st.sampled_from([b"", b" ", b"\t", b" \r "])
breaks = spaces | st.sampled_from([b"\n", b"\r\n  ", b"\n\n"])


def json_object(space: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """An object, with white space of this kind between all tokens."""
    scalar = string | st.sampled_from([b"1", b"-0.50", b"1E+400", b"null", b"true", b"[]", b"{}"])

    def around(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
        item = st.tuples(space, inner, space).map(b"".join)
        members = st.lists(
            st.tuples(space, name.map(escaped), space, item).map(
                lambda each: each[0] + b'"' + each[1] + b'"' + each[2] + b":" + each[3]
            ),
            max_size=4,
        )
        objects = st.tuples(space, members).map(lambda each: b"{" + each[0] + b",".join(each[1]) + b"}")
        arrays = st.lists(objects | item, min_size=1, max_size=3).map(
            lambda each: b"[" + b",".join(each) + b"]"
        )
        return objects | arrays

    return st.recursive(scalar, lambda inner: around(inner) | inner, max_leaves=8).map(
        lambda text: text if text[:1] == b"{" else b'{"c":' + text + b',"log":"x"}'
    )


CRI = st.sampled_from([b"stdout F ", b"stderr F ", b"stdout P ", b"stderr P "])
HOSTILE = {
    "ndjson": Hostile(
        "ndjson",
        st.tuples(spaces, json_object(spaces), spaces).map(b"".join)
        | string.map(lambda text: b'{"log":' + text + b"}"),
        "log",
    ),
    "json": Hostile("json", json_object(breaks), "log"),
    "csv": Hostile("csv", table(b",", value | value.map(quoted_cell)), "log", heading(b"", b",")),
    "tsv": Hostile("tsv", table(b"\t", value), "log", heading(b"", b"\t")),
    "w3c": Hostile("w3c", table(b" ", value.map(without_blanks), 5), "log", heading(b"#Fields: date ", b" ")),
    "logfmt": Hostile(
        "logfmt",
        st.lists(
            name | st.tuples(name, value | string).map(b"=".join) | string.map(lambda text: b"log=" + text),
            max_size=5,
        ).map(b" ".join),
        "log",
    ),
    "combined": Hostile(
        "combined",
        filled(b'@ @ @ [@] "@" @ @ "-" "@"', value.map(escaped))
        | filled(b'a - @ [t] "@" @ @')
        | string.map(lambda text: b'a - - [t] "GET / H/1" 200 1 "-" ' + text),
        "agent",
    ),
    "common": Hostile("common", filled(b'a @ - [@] "@" @ @'), "ident"),
    "log_format": Hostile("<$a> $log, $a [$request] $v", filled(b"<@> @, @ [@] @"), "log"),
    "re": Hostile(r"re:^(?P<a>\C)?(?P<log>[^ ]*) ?(?P<time>(?P<v>\S*).*)$", filled(b"@@ @"), "log"),
    "syslog": Hostile(
        "syslog",
        filled(b'<13>1 - @ @ - - [x@ k="@" k="v"] @') | filled(b"Oct 11 22:14:15 @ a[@]: @"),
        "message",
    ),
    "cri": Hostile(
        "cri",
        st.tuples(CRI, value | json_object(spaces)).map(
            lambda each: b"2026-05-01T10:00:01Z " + each[0] + each[1]
        ),
        "log",
    ),
}
