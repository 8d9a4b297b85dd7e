"""Patterns that a hostile path can make slow: found on the parse tree, never by running them."""
