"""Which windows all take the same time."""

import pytest

from streamstat.plan.meaning import job_of
from streamstat.plan.plan import Plan


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("tumbling:1m", True),
        ("tumbling:24h", True),
        ("tumbling:1d", False),
        ("hopping:5m/1m", True),
        ("hopping:2w/1w", False),
        ("sliding:5m", True),
        ("session:5m", False),
        ("all", False),
    ],
)
def test_windows_of_one_size_are_told(window: str, expected: bool) -> None:
    assert job_of(Plan(window=window)).kept.one_size is expected
