"""Quart and Flask: the rules of werkzeug's URL map."""
