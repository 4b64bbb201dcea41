"""Event sourcing: a row is what aggregates make of all events of an entity; commands become events if checks hold.

Begin with `sourcing`, the strategy. `walking` gives the states of entities before and behind each of some events,
`judging` decides with them, `changes` tells them, `entities` keeps what is there for good.
"""
