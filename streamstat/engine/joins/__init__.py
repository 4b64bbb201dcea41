"""Joins: a row for each pair of events of two sides, or an event that has no partner, once the watermark of both sides
has passed the moment that decides it.

Knows sides by their numbers, and events by theirs; the native joins find the partners. Begin with `joining`; `intake`
takes a block of a side, `rows` makes rows of what was found.
"""
