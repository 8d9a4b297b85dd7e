"""Starlette and FastAPI: routes that are asked one after the other, and the routers that ask them."""
