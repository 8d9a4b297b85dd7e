"""What a regex means, asked of CPython itself: its tree, its words, and how a text goes through it."""
