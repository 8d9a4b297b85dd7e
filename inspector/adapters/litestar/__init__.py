"""Litestar: a trie of path segments that never goes back."""
