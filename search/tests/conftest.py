"""The cast of the photos' tests."""

from photos.tests.conftest import library, make_photo, owner, stranger

__all__ = ["library", "make_photo", "owner", "stranger"]
