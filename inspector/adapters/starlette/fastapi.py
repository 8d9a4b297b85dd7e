"""FastAPI: from flat lists of routes (0.116) to trees of included routers (0.137 to the newest)."""

from inspector.adapters.starlette.adapter import SENTENCE, StarletteAdapter

_SENTENCE = (
    SENTENCE
    + " The type of a parameter in a signature does not route: a value of another type is answered 422."
)


def adapt(app: object) -> StarletteAdapter:
    """Return the adapter of a FastAPI application or APIRouter."""
    return StarletteAdapter(app, framework="FastAPI", sentence=_SENTENCE)
