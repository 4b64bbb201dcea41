"""Session windows: an event extends one, begins one or joins two. Begin with `sessions`."""
