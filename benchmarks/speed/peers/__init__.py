"""The same six answers in every framework, each written as its own documentation writes it.

`make(routes)` gives the ASGI application: with `/`, `/items` and `/items/{item_id}`, or, when `routes` is
above 0, with that many typed GET routes `/r0/{item_id}`, `/r1/{item_id}`, ... instead.
"""
