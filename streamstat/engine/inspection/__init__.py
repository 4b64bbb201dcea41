"""Looking at a stream: what is in its fields, which times it has, how far out of order it comes. No rows come of it.

Begin with `inspecting`, the strategy; `lateness`, `silences`, `offsets` and `time_fields` are what it asks of a block.
"""
