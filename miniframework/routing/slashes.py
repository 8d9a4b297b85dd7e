"""The slash at the end of a path."""


def toggle_slash(path: str) -> str | None:
    """`path` without its slashes at the end, or with one added; None where that leads nowhere ("/", "//")."""
    if path == "/":
        return None
    return (path.rstrip("/") or None) if path.endswith("/") else path + "/"
