"""The dashboard: an ordinary miniframework app behind a guard."""
