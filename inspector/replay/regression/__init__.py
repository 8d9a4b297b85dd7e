"""Recorded requests as a regression test: run again, compared, with what may differ set aside."""
