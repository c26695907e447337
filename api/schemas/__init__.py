"""The schemas of all responses and request bodies of the API, a module for each topic."""
