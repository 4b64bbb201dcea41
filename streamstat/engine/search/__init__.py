"""Stored queries: each event is held against all of them, and gives a row for each that holds.

Nothing is kept of events, and no watermark is waited for. Begin with `searching`; `held` are queries behind one index,
`sources` the events as these look at them, `changes` the queries that come with the events.
"""
