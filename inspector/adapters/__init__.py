"""Reads the route tables of other frameworks and asks their own routers.

A framework is never a dependency: its adapter is imported when the application that is looked at comes from
it, and then the framework is there.
"""
