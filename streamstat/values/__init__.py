"""The shapes that travel between rooms: columns of JSON values, result rows, and how they are packed or written out.

Knows no field, window or aggregate. Begin with `columns`; `packing` is the form of every snapshot, `cells` of text.
"""
