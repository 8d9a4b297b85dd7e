"""Where FastAPI's users look for it."""

from miniframework.security.authorization import (
    get_authorization_scheme_param as get_authorization_scheme_param,
)
