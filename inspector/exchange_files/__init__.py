"""Recorded exchanges as files of other tools: HAR 1.2 both ways, and curl, httpx, Hurl and pytest."""
