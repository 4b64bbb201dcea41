"""Rows that are put as they are: their traps, and the changes that come of them."""

from tools.vectors_of_changes import is_read

from streamstat.changes import LogOptions
from streamstat.expressions import compile_condition


def test_rows_are_put_as_they_are_spelt_and_gone_where_it_is_said() -> None:
    gone = LogOptions(key=("id",), deleted=compile_condition("gone == true", "--deleted"))
    is_read(
        """
        {"id":1,"x":1.50,"é":"\\u00e9"}
        {"id":1,"gone":true}
        {"x":3}
        {"id":null}
        """,
        """
        0 put 1 {"id":1,"x":1.50,"é":"é"}
        1 delete 1
        bad 2: has no key
        bad 3: has no key
        """,
        gone,
    )


def test_a_key_may_be_deep_and_of_several_columns() -> None:
    is_read(
        '{"a":{"b":7},"c":"x"}', '0 put 7,"x" {"a":{"b":7},"c":"x"}', LogOptions(key=("a.b", "c")), "upsert"
    )
