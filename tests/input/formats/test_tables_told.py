"""Which tables are told by their first records, what the options of tables may be, and headings written again."""

from typing import Any

import pytest

from streamstat.input.formats import Format, FormatOptions, format_from_record, format_record
from streamstat.input.formats.csv import Csv
from streamstat.input.formats.tsv import Tsv
from streamstat.input.formats.w3c import W3c


@pytest.mark.parametrize(
    ("lines", "format"),
    [
        ([b"a,b,c", b"1,2,3"], Csv()),
        ([b"a;b;c", b"1;2,5;3"], Csv(";")),
        ([b"a,b,c", b'1,"x'], Csv()),
        ([b"a,b,c", b'1,"x', b'",3'], Csv()),
        ([b"a,b,c", b'1,"x', b'",3,4'], None),
        ([b'"a,b",c', b'"1,2",3'], None),
        ([b"a,b,c", b"1,2"], None),
        ([b"a,b,c", b'"x"y,2,3'], None),
        ([b"a,b,c"], None),
        ([b"a,b", b"1,2"], None),
        ([b"plain words, of which, three", b"no table"], None),
        ([], None),
    ],
)
def test_csv_is_told_by_two_records(lines: list[bytes], format: Format | None) -> None:
    assert Csv.fitting(lines) == format


def test_tsv_and_w3c_are_told_by_the_first_record() -> None:
    assert Tsv.fitting([b"a\tb\tc"]) == Tsv() and Tsv.fitting([b"a\tb c"]) is None
    assert W3c.fitting([b"#Version: 1.0"]) == W3c() and W3c.fitting([b" #"]) is None


@pytest.mark.parametrize("separator", ["", ";;", '"', "\n", "\r", "\0", "a", "7", ".", "-", "+", "\u00e9"])
def test_what_may_stand_in_a_cell_is_no_separator(separator: str) -> None:
    with pytest.raises(ValueError, match=r"separators|one ASCII character"):
        Csv.asked("", FormatOptions(separator))


@pytest.mark.parametrize("separator", [",", ";", "|", "\t", " ", "\x01", ":"])
def test_any_other_ascii_character_is_one(separator: str) -> None:
    assert Csv.asked("", FormatOptions(separator, ("a",))) == Csv(separator, ("a",), False)


@pytest.mark.parametrize("kind", [Csv, Tsv, W3c])
@pytest.mark.parametrize("columns", [(), ("\ud800",), ("a",) * 65_537])
def test_columns_that_cannot_be(kind: type[Format], columns: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"columns|surrogates"):
        kind.asked("", FormatOptions(None, columns))


@pytest.mark.parametrize(
    ("format", "heading"),
    [
        (Csv(), b""),
        (Csv(",", ("a", "b"), False), b""),
        (Csv(";", ("a,b", 'c;"d"', "e\nf")), b'a,b;"c;""d""";"e\nf"\n'),
        (Csv(",", (" ",)), b'" "\n'),
        (Tsv(("a\tb", "c\\", "d\n")), b"a\\tb\tc\\\\\td\\n\n"),
        (Tsv(("a",), False), b""),
    ],
)
def test_a_heading_is_written_as_it_is_read(format: Csv | Tsv, heading: bytes) -> None:
    assert format.heading == heading
    if heading:
        assert (
            type(format)(*((format.separator,) if isinstance(format, Csv) else ())).after(memoryview(heading))
            == format
        )


@pytest.mark.parametrize(
    "format", [Csv(), Csv("|", ("a", ""), False), Tsv(), Tsv(("a",)), W3c(), W3c(("a", "b"))]
)
def test_a_format_is_what_its_record_says(format: Format) -> None:
    assert format_from_record(format_record(format)) == format


@pytest.mark.parametrize("name", ["csv", "tsv", "w3c"])
@pytest.mark.parametrize("names", ["ab", [1], ["\ud800"], [], 7, {"a": 1}])
def test_a_record_of_other_names_is_refused(name: str, names: Any) -> None:
    with pytest.raises(ValueError, match=r"column|surrogates"):
        format_from_record([name, {"separator": ",", "headed": True, "names": names}])


@pytest.mark.parametrize("name", ["csv", "tsv", "w3c"])
@pytest.mark.parametrize("settings", [None, 7, [], {}, "names"])
def test_a_record_of_something_else_is_refused(name: str, settings: Any) -> None:
    with pytest.raises(ValueError, match="no format"):
        format_from_record([name, settings])


def test_a_record_with_another_separator_is_refused() -> None:
    with pytest.raises(ValueError, match="7 is not one ASCII character"):
        format_from_record(["csv", {"separator": 7, "headed": True, "names": None}])
