"""Routing as pure decisions: templates, routes, the table that picks one, the reasons of the others."""
