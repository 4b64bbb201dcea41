"""Windowed stream analytics over newline-delimited JSON."""
