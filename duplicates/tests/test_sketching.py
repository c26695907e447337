"""The stage that draws sketches: once for each fingerprint, and only where one is missing."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageOps

from duplicates import sketching
from duplicates.models import Sketch
from photos.models import Embedding, Photo
from photos.pipeline.pictures import NO_THUMBNAIL
from photos.storage import paths
from vision import fingerprints
from vision.copies import sketches
from vision.tests.test_matching import scene

Maker = Callable[..., Photo]


def test_each_fingerprint_gets_a_sketch(add: Maker) -> None:
    photo = add(scene(1))
    assert sketching.run([photo.pk]) == {}
    drawn = Sketch.objects.get(fingerprint__photo=photo)
    assert sketches.compare(sketches.read(bytes(drawn.data)), sketches.read(sketches.draw(scene(1)))).features > 40


def test_what_is_within_borders_gets_its_own(add: Maker) -> None:
    photo = add(ImageOps.expand(scene(1), 120, "white"))
    row = Embedding.objects.get(photo=photo)
    Embedding.objects.create(photo=photo, kind=row.kind, model=row.model, frame=1, vector=row.vector)
    sketching.run([photo.pk])
    framed, inner = Sketch.objects.filter(fingerprint__photo=photo).order_by("fingerprint__frame")
    whole = sketches.read(sketches.draw(scene(1)))
    assert sketches.compare(sketches.read(bytes(inner.data)), whole).alike > 0.95
    assert sketches.compare(sketches.read(bytes(framed.data)), whole).alike < 0.9


def test_drawn_again_only_where_missing(add: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = add(scene(1)), add(scene(2))
    sketching.run([old.pk])
    drawn: list[Image.Image] = []

    def draw(image: Image.Image) -> bytes:
        drawn.append(image)
        return b""

    monkeypatch.setattr(sketches, "draw", draw)
    sketching.draw_missing([old.pk, new.pk])
    assert len(drawn) == 1


def test_a_new_fingerprint_asks_for_a_new_sketch(add: Maker) -> None:
    """A photo that was turned has another picture."""
    photo = add(scene(1))
    sketching.run([photo.pk])
    Embedding.objects.filter(photo=photo, kind=fingerprints.KIND).delete()
    assert not Sketch.objects.exists()


def test_without_a_thumbnail_there_is_none(add: Maker) -> None:
    photo = add(scene(1))
    (paths.derived_folder(photo.sha256) / "large.webp").unlink()
    assert sketching.run([photo.pk]) == {photo.pk: NO_THUMBNAIL}


def test_videos_need_none(add: Maker) -> None:
    video = add(scene(1), kind="video")
    assert sketching.run([video.pk]) == {}
    sketching.draw_missing([video.pk])
    assert not Sketch.objects.exists()
