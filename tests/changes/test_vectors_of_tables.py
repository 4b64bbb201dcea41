"""Whose changes are read, and what ends a run."""

import pytest
from tools.vectors_of_changes import read

from streamstat.changes import LogOptions
from streamstat.common.errors import InputError, StreamstatError, UsageError

TWO_TABLES = """
{"database":"shop","table":"cust","type":"insert","primary_key_columns":["id"],"data":{"id":1}}
{"database":"shop","table":"acc","type":"insert","primary_key_columns":["id"],"data":{"id":2}}
{"database":"bank","table":"acc","type":"insert","primary_key_columns":["nr"],"data":{"nr":3}}
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("cust", '0 put 1 {"id":1}\nfiltered 1\nfiltered 2'),
        ("bank.acc", '2 put 3 {"nr":3}\nfiltered 0\nfiltered 1'),
        ("us", "filtered 0\nfiltered 1\nfiltered 2"),
    ],
)
def test_one_of_several_tables_is_read(table: str, expected: str) -> None:
    assert read(TWO_TABLES, LogOptions(table=table)) == expected


@pytest.mark.parametrize("table", [None, "acc"])
def test_two_tables_that_may_be_meant_are_an_error_that_names_both(table: str | None) -> None:
    with pytest.raises(
        InputError, match=r"--table: the log has changes of two tables, \S+ and \S+; .*--table (shop|acc)"
    ):
        read(TWO_TABLES, LogOptions(table=table))


def test_a_key_that_nobody_names_is_an_error() -> None:
    with pytest.raises(UsageError, match="--key: the log does not say which columns are the key"):
        read('{"op":"c","after":{"id":7}}', told="debezium")


def test_another_key_than_before_is_an_error_that_names_both() -> None:
    record = '{"database":"d","table":"t","type":"insert","primary_key_columns":%s,"data":{"id":1,"nr":2}}'
    with pytest.raises(InputError, match=r"says that the key is id, and later that it is id, nr; .*--key id"):
        read("\n".join(record % names for names in ('["id"]', '["id"]', '["id","nr"]')))


def test_errors_are_lines_for_people() -> None:
    with pytest.raises(StreamstatError) as error:
        read(TWO_TABLES)
    assert str(error.value) == (
        "--table: the log has changes of two tables, shop.cust and shop.acc; "
        "name one of them, for example --table shop.cust"
    )
