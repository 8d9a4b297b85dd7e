"""What becomes of the value that a user's function returns."""
