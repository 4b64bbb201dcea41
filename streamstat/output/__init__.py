"""Rows -> files and stdout: in blocks of bounded size, in the narrowest types, by a thread of their own.

Knows nothing of how rows came about. Begin with `outputs`, which chooses the sinks.
"""
