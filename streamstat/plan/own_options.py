"""Which options verbs have for themselves, beside those that all share. Light to import."""

from streamstat.plan.match_options import MatchOptions
from streamstat.plan.options import Own
from streamstat.plan.search_options import SearchOptions
from streamstat.plan.view_options import ViewOptions

OF_VERBS: dict[str, type[Own]] = {kind.verb: kind for kind in (MatchOptions, SearchOptions, ViewOptions)}
