"""Runs a plan on Apache Spark: tasks decode ranges of files into pieces of state, a shuffle brings those together.

Imports pyspark only where it is used. Begin with `runner`, the driver of it all; `splits` says what each task reads,
`mapping` and `reducing` are the two kinds of tasks, `piece_rows` and `row_tables` what travels between them, `findings`
what a task tells beside its pieces.
"""
