"""FastAPI's place for `get_openapi`."""

from miniframework.openapi.document import get_openapi as get_openapi
