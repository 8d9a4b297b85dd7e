"""Django under ASGI: its URLconf as the resolver walks it, and what the resolver says to a request."""
