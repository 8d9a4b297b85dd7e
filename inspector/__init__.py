"""Route Inspector: see why a URL landed where it did.

`Inspector(app)` wraps any ASGI application; its dashboard then answers at `/__inspector__/`. `attach(app)`
reads the routes of an application of any known framework and asks its own router about them.
"""

from typing import TYPE_CHECKING, Any

from miniframework import __version__

if TYPE_CHECKING:
    from inspector.inspection import Attached, attach
    from inspector.wiring import Inspector

__all__ = ["Attached", "Inspector", "__version__", "attach"]


def __getattr__(name: str) -> Any:
    """Import what was asked for only then: reading a route table must not cost the whole dashboard."""
    if name == "Inspector":
        from inspector.wiring import Inspector

        return Inspector
    if name in ("Attached", "attach"):
        from inspector import inspection

        return getattr(inspection, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r} (it has: {', '.join(__all__)})")
