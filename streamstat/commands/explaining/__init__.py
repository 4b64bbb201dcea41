"""What `run --explain` says, a file for each of its sections. What is said follows from the job and from a sample.

Each function gives whole sentences or rows of a table; `explain` puts them in order, `layout` into lines. Begin with
`counting`.
"""
