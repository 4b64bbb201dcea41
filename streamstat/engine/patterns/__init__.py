"""Patterns in time: a row for each match, as soon as the watermark has passed its last event.

Knows steps as bits, and conditions as expressions; the native table finds the matches. Begin with `matching`; `intake`
takes a block, `kept` has what rows need of events, `asking` asks conditions that look at other events, `rows` makes
rows of matches.
"""
