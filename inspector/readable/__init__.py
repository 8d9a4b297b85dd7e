"""Recorded bytes as a person reads them."""
