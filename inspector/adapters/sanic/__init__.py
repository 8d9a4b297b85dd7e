"""Sanic in ASGI mode: a search compiled from the routes."""
