"""FastAPI's place for `get_openapi`, and for the schemas of a 422, which may be changed before a document is
made: one for all applications of a process.
"""

from miniframework.openapi.document import get_openapi as get_openapi
from miniframework.openapi.responses import VALIDATION_ERRORS

validation_error_definition = VALIDATION_ERRORS["ValidationError"]
validation_error_response_definition = VALIDATION_ERRORS["HTTPValidationError"]
