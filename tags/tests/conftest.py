"""The same cast as in the tests of photos."""

from photos.tests.conftest import library, make_photo, make_picture, owner, stranger

__all__ = ["library", "make_photo", "make_picture", "owner", "stranger"]
