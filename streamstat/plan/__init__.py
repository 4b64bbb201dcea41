"""Texts -> a job: what somebody asked for, read, checked, and turned into parts that the engine runs.

Nothing behind this room reads an option's text. Begin with `plan`; `job` is what comes of it.
"""
