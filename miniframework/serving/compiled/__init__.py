"""A route's plan as straight-line code: what one request needs, and not a test more.

The plan walked by a loop (`miniframework.serving.planned`) is the reference. The code written here takes the
requests on which everything goes well, or in which only values are wrong, and hands every other one to it.
"""
