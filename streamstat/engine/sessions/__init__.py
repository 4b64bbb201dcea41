"""Session windows: an event extends one, begins one or joins two.

Knows the gap of a window type and nothing else of it; the sessions themselves are kept by a kernel. Begin with
`sessions`; `intake` takes a block in, `corrections` publishes again what has changed.
"""
