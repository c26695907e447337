"""Refusals with a message for the user."""


class NotPossible(ValueError):
    """The request cannot be done; the message tells the user why."""
