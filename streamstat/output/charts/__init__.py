"""Rows -> charts: specifications of Vega-Lite, chosen from the columns and drawn by vl-convert.

Knows no sink, no page and no run. Begin with `choosing`, which looks at a `Charted` and gives a `Panel` for each
column; there is a file for each kind of chart, and `rendering` alone knows vl-convert.
"""
