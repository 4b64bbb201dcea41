"""Windows with fixed edges, kept as panes: an event is added to one pane, however many windows overlap.

Knows of a window type only where its edges are. Begin with `panes`; `lateness` has THE lateness rule, `publish` what
comes out and when, `corrections` what comes out again.
"""
