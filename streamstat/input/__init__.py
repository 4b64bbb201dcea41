"""Bytes -> events: where they come from, how lines are cut out of them, what is in a line, which log is which.

Knows nothing of windows, aggregates or reports. `feed` is the one thing that a runner is given. `sources/` gives bytes,
`blocks/` cuts them into whole lines, `formats/` reads a line, and `logs/` follows files through rotation. Begin with
`sources`, which says what an input is, and with `blocks/items`, which says what reading gives.
"""
