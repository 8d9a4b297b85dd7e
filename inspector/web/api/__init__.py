"""The dashboard's JSON API, one module a subject; each class makes a router."""
