"""What a command line asks for, done: a file for each verb, and what they share.

Knows options, people and files; nothing of events or windows, which it leaves to a runner. Begin with `run`. `verbs`
says which verbs there are, `lifecycle` what a run opens, publishes and takes back, `usage` what `--help` shows.
"""
