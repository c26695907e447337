"""What the fixtures of tests in a browser take for an error."""

from collections.abc import Callable

from mirage.testing.browser import is_gone
from photos.models import Photo


def test_a_picture_of_a_deleted_photo_is_no_error_of_the_page(make_photo: Callable[..., Photo]) -> None:
    """The page may still have been fetching it."""
    photo = make_photo()
    said = f"Failed to load resource: status of 404 (Not Found) http://localhost/media/{photo.key}/medium.webp"
    assert not is_gone(said)
    photo.delete()
    assert is_gone(said)
    assert not is_gone(said.replace("404", "500"))
    assert not is_gone("status of 404 (Not Found) http://localhost/static/js/app.js")
