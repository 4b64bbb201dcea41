"""Events -> publications: what is kept of a stream, by group and window, and when rows of it come out.

Knows neither files nor threads nor the clock on the wall, and names no window type and no aggregate: those are
descriptions that a job brings. Begin with `engine`; `strategy` is the contract of what is kept, and `panes/`,
`sessions/` and `trailing/` are the three ways to keep it.
"""
