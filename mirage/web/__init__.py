"""Shared parts of all pages: HTMX, answers, middleware, static files, base classes of the administration."""
