"""How rows look on a screen: the texts of cells, the columns they stand in, how much of a long result is shown.

Knows neither targets nor terminals, only how many columns there is room for. Begin with `layout`.
"""
