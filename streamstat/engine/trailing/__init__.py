"""Sliding windows: a row for each event, over the time that led up to it.

Knows the length of a window type and nothing else of it. Begin with `trailing`; `trail` are the events that rows still
need, `waiting` those whose row is still to come.
"""
