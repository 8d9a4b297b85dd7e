"""A route's regex read into literals and parameters, and written again."""
