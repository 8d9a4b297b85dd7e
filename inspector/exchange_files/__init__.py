"""Recorded exchanges as files of other tools, and back: HAR 1.2."""
