"""Views: the present rows of a table, from the log of its changes.

Changes are read from records in the order of the log, and applied when their transaction is whole. Begin with
`viewing`; `kept` are the rows by their keys, `batches` the changes on their way there, `shown` makes columns of rows.
"""
