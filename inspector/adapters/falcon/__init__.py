"""Falcon: a tree of templates compiled to one function, and sinks behind it."""
