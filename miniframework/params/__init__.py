"""From an endpoint's signature to its arguments: planned at registration, bound for each request."""
