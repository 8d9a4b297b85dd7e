"""What a misspelt word was probably meant to be, as the end of an error's message."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Give the question for the known word that is most like `word`, "" where none is as much like it.

    `likeness` is from 0 to 1. Source: Python's difflib, `get_close_matches`.
    """
    from difflib import get_close_matches  # dear to import, and wanted after a mistake alone

    near = get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f"did you mean {near[0]!r}?" if near else ""
