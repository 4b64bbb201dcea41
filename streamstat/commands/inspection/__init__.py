"""`streamstat inspect`: what is in a log, told to people and to programs.

`command` runs it, `watching` hears of formats and bad lines, `facts` makes of all that what `--json` prints, `page` the
sections for people, `advice` the command to go on with.
"""
