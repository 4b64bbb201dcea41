"""When an event truly happened, and how far time has come: clocks, their correction, the watermark.

Knows columns of times and names of fields; no window, no group, no option. Begin with `clock`, then `watermark`.
"""
