"""Files that are read from run to run, and as they grow: which file is which through rotation and compression.

Knows bytes and names, no line's content. Begin with `tracking`, which is what a reader is given, and a runner inside a
`feed`. `lookout` looks until the world has stood still, a look (`looking`) says what was found, and `roll` is what is
known by now. `stage` says what a file may be at, from its first byte until it is gone for good.
"""
