"""Which format an input is read in, by its first records."""

import pytest

from streamstat.input.detection import asked, choice
from streamstat.input.formats import FormatOptions, name_of

ACCESS = '192.0.2.7 - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 2326 "-" "curl/8"\n'
TEXT = "some words\n"
TOLD = [
    ("", "ndjson"),
    (" \n\t\r\n", "ndjson"),
    ('{"a":1}\n', "ndjson"),
    ('{"a":1}', "ndjson"),
    ('\n  {"a":1}  \nwords\n', "ndjson"),
    ('{"a":1}{"a":2}\n', "json"),
    ('{"a":{"b":"}{"}} {"a":2}\n', "json"),
    ('{"a":"}x"}\n', "ndjson"),
    ('{"a":1} words\n', "json"),
    ("{\n", "json"),
    ('{\n "a": 1\n}\n', "json"),
    ('{"a":\n1}\n', "ndjson"),
    ('{"a":1\n', "ndjson"),
    ('[{"a":1}]', "json"),
    ("[]", "json"),
    (" [\n\n {", "json"),
    ("[1, 2]\n", "ndjson"),
    ("[2026-01-01 10:00:00] INFO started\n", "ndjson"),
    ("[", "ndjson"),
    (ACCESS, "combined"),
    ('192.0.2.7 - - [10/Oct/2025:13:55:36 -0700] "GET / HTTP/1.1" 200 2326\n', "combined"),
    (ACCESS + '{"a":1}\n', "ndjson"),
    (ACCESS * 19 + '{"a":1}\n', "ndjson"),
    (ACCESS * 20 + '{"a":1}\n', "combined"),
    (TEXT + ACCESS, "ndjson"),
    ("2026-05-01T10:00:01.5Z stdout F words\n", "cri"),
    ("<34>1 2026-05-01T10:00:01Z host app - - - words\n", "syslog"),
    ("Oct 11 22:14:15 host app[3]: words\n", "syslog"),
    ("2026-05-01T10:00:01.5+02:00 host app[3]: words\n", "syslog"),
    ("#Fields: date time c-ip\n", "w3c"),
    ("#Software: IIS\n#Fields: date time c-ip\n", "w3c"),
    ("a=1 b=2 c=3\n", "logfmt"),
    ("a=1 b=2\n", "ndjson"),
    ("a\tb\tc\n", "tsv"),
    ("a\tb\n", "ndjson"),
    ("a,b,c\n1,2,3\n", "csv"),
    ('a,b,c\n1,"x\ny",3\n', "csv"),
    ("a;b;c\n1;2,5;3\n", "csv"),
    ("a,b,c\n1,2\n", "ndjson"),
    ("a,b,c\n", "ndjson"),
    ("a,b\n1,2\n", "ndjson"),
    (TEXT, "ndjson"),
    ("\x7fELF\x02\t\x01\t\x01\n", "ndjson"),
]


@pytest.mark.parametrize(("content", "name"), TOLD, ids=[content[:40] for content, _ in TOLD])
def test_the_first_records_tell(content: str, name: str) -> None:
    data = content.encode()
    choose = choice(None, growing=False)
    answers = [choose(memoryview(data[:size]), False) for size in range(len(data))]
    whole = choose(memoryview(data), True)
    assert whole is not None and name_of(whole) == name
    # What was answered before all was there is the same.
    assert {name_of(each) for each in answers if each is not None} <= {name}


FIRST = [
    (ACCESS, "combined"),
    (TEXT, "ndjson"),
    (ACCESS + '{"a":1}\n', "combined"),
    ("a,b,c\n1,2,3\n", "csv"),
    ("a\tb\tc\n", "tsv"),
]


@pytest.mark.parametrize(("content", "name"), FIRST, ids=[content[:40] for content, _ in FIRST])
def test_of_a_log_that_grows_the_first_record_tells_as_soon_as_it_is_there(content: str, name: str) -> None:
    data = content.encode()
    choose = choice(None, growing=True)
    told = choose(memoryview(data), False)
    assert told is not None and name_of(told) == name
    assert choose(memoryview(data[: data.index(b"\n")]), False) is None


def test_of_a_table_that_grows_the_second_record_is_waited_for() -> None:
    choose = choice(None, growing=True)
    assert choose(memoryview(b"a,b,c\n"), False) is None
    for more in (b'1,"2\n', b'1,"2\n",3\n', b'1,"2\n"x,3\n', b"1,2,3\n" * 30):
        told = choose(memoryview(b"a,b,c\n" + more), False)
        assert told is not None and name_of(told) == "csv"
    told = choose(memoryview(b"a,b,c\n1,2\n1,2,3\n"), False)
    assert told is not None and name_of(told) == "ndjson"


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("cvs", FormatOptions(), "there is no format 'cvs'; did you mean 'csv'?"),
        ("parquet", FormatOptions(), "there is no format 'parquet'"),
        ("re", FormatOptions(), "re"),
        ("re:(", FormatOptions(), "re:("),
        ("re:abc", FormatOptions(), "no group has a name"),
        ("$a$b", FormatOptions(), "$b"),
        ("ndjson", FormatOptions(separator=";"), "ndjson takes no --separator"),
        ("json", FormatOptions(columns=("a",)), "json takes no --columns"),
        ("tsv", FormatOptions(separator=";"), "tsv has tabs between cells"),
        ("csv", FormatOptions(separator=";;"), "one"),
    ],
)
def test_what_cannot_be_asked_for(text: str, options: FormatOptions, message: str) -> None:
    with pytest.raises(ValueError) as refused:
        asked(text, options)
    assert message in str(refused.value)


def test_columns_and_separators_are_of_tables() -> None:
    for options in (FormatOptions(separator=";"), FormatOptions(columns=("a", "b"))):
        found = asked("auto", options)
        assert found is not None and name_of(found) == "csv"
