"""`--since` and `--until` against the reference: any clock, word, distance and zone."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from oracle.bounds import moment
from oracle.text import iso

from streamstat.common.zones import Zone
from streamstat.plan.bounds import bound

ZONES = [
    *("UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kolkata"),
    *("Africa/Cairo", "America/Havana", "Australia/Lord_Howe"),
]
DISTANCES = [
    "",
    "-1d",
    "+1d",
    "-24h",
    "-2h",
    "+90m",
    "-1w",
    "-1w2d",
    "-1d12h",
    "+0d",
    "-30d",
    "+1.5d",
    "-1us",
]
HOUR = 3_600_000_000


@settings(max_examples=400, deadline=None, print_blob=True)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(["now", "today", "yesterday"]),
    st.sampled_from(DISTANCES),
    st.one_of(
        st.integers(350_000, 560_000).map(lambda hours: hours * HOUR),
        st.integers(1_200_000_000_000_000, 2_000_000_000_000_000),
    ),
)
@example("America/Santiago", "today", "-1d", 1_788_696_000_000_000)  # a day that begins at 1
@example("America/Santiago", "today", "+1d", 1_788_609_600_000_000)
@example("Europe/Berlin", "now", "-1d", 1_774_778_400_000_000)
def test_clock_words(zone: str, word: str, distance: str, now_us: int) -> None:
    text = word + distance
    assert iso(moment(text, zone, iso(now_us)), zone) == iso(bound("--since", text, Zone(zone), now_us), zone)
