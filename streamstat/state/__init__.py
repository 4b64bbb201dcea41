"""Runs that go on where the last one stopped: `--state`. See `commit` for the protocol, `checkpoint` for the file."""
