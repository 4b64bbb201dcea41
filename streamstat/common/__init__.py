"""What every room may use and none owns: errors, immutable classes, plug-ins by name, times as texts, zones, threads.

Nothing here knows of events, windows or files of the user. Begin with `record`, which most classes are made by, and
`errors`, the kinds of failure that a user can meet.
"""
