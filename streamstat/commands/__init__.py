"""What a command line asks for, done: a file a verb, and what they share. Begin with `run`."""
