"""Photos that the tests in a browser show."""

from collections.abc import Callable
from typing import Any

import pytest

from mirage.testing.pictures import write_picture, write_thumbnails
from photos.models import Photo
from photos.storage import paths

SHAPES = [(600, 400), (400, 600), (400, 300), (900, 300), (500, 500)]


@pytest.fixture
def make_shown(make_photo: Callable[..., Photo]) -> Callable[..., Photo]:
    """Photos with their thumbnails, of several shapes."""
    count = 0

    def make(**fields: Any) -> Photo:
        nonlocal count
        size = SHAPES[count % len(SHAPES)]
        count += 1
        photo = make_photo(**{"width": size[0], "height": size[1], **fields})
        colour = count * 37 % 256, count * 91 % 256, count * 13 % 256
        write_thumbnails(paths.derived_folder(photo.sha256), size, colour)
        write_picture(paths.original_path(photo), size, colour)
        return photo

    return make
