"""What every page stands on: HTMX, answers, middleware, static files, the admin's base."""
