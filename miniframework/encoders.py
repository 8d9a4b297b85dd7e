"""`jsonable_encoder`, where FastAPI has it."""

from miniframework.params.jsonable import jsonable_encoder

__all__ = ["jsonable_encoder"]
