"""What is refused, in words for the user."""


class NotPossible(ValueError):
    """What was asked for cannot be done; the message says why, for the user."""
