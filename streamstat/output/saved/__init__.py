"""Saved reports -> rows: CSV, TSV, NDJSON, JSON and Parquet, as the sinks write them.

Knows no chart and no run. Begin with `reading`; `cells` finds out what a column of texts holds.
"""
