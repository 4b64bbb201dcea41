"""Which options verbs have for themselves, beside those that all share. Light to import."""

from streamstat.plan.match_options import MatchOptions

OF_VERBS = {kind.verb: kind for kind in (MatchOptions,)}
