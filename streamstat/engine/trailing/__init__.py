"""Sliding windows: a row for each event, over the time that led up to it. Begin with `trailing`."""
