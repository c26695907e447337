"""The same picture twice: found, compared, reviewed, resolved."""
