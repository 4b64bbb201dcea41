"""Runs that go on where the last one stopped: what `--state` keeps, and how it is made to last.

Knows of the engine only the bytes of its parts, of inputs only their records. `commit` is the protocol, `checkpoint`
the file, `resume` a run under a state; every system call is in `files`.
"""
