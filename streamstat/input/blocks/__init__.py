"""Blocks of whole lines out of bytes, in buffers that are used again. Begin with `cutting`."""
