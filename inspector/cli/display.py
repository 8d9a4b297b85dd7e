"""Whether a browser that is opened would be seen."""

import os
import sys
import webbrowser


def has_display() -> bool:
    """Whether someone sits here who would see a browser open."""
    if not sys.stdout.isatty():
        return False
    has_screen = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
    if not has_screen:
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
