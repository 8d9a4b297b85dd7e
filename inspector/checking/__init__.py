"""Runs the whole check of a table: the proof, and what has to be measured in a process of its own."""
