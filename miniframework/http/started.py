"""The mark of a response that has begun."""

# Set in the scope when a response can no longer be replaced by a 500.
RESPONSE_STARTED = "miniframework.response_started"
