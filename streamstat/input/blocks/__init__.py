"""Blocks of whole lines out of bytes, in buffers that are used again.

Knows newlines, NULs and the greatest length of a line, but neither what is in a line nor which file follows on which.
Begin with `items`, what a reader gives; `cutting` makes it of one input, and `sequential` of one after another.
"""
