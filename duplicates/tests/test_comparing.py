"""The verdict on two photos: their pixels, and what is known about when and with what they were taken."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from duplicates import comparing
from duplicates.comparing import Comparer, framing, is_one_after_the_other, verdict_of
from media.sandbox import UnreadableFile
from photos import vectors
from photos.models import Embedding, Photo
from vision import fingerprints, matching
from vision.matching import Match, Tier

Maker = Callable[..., Photo]
CAMERA = {"camera_make": "Canon", "camera_model": "EOS"}
NOON = datetime(2024, 5, 1, 12)
PLACEMENT = [1.0, 0, 0, 0, 1.0, 0]


def taken(make_photo: Maker, seconds: float = 0, source: str = "exif", **fields: Any) -> Photo:
    photo = make_photo(**{**CAMERA, **fields})
    photo.set_taken(NOON + timedelta(seconds=seconds), 0, source)
    return photo


# --- bursts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "fields", "expected"),
    [
        (1, {}, True),
        (-10, {}, True),
        (10.5, {}, False),
        (0, {}, False),  # one exposure
        (1, {"source": "maker"}, True),
        (1, {"source": "file"}, False),
        (1, {"source": "filename"}, False),
        (1, {"camera_model": "EOS R5"}, False),
        (1, {"camera_make": "", "camera_model": ""}, False),
    ],
)
def test_one_camera_at_two_times(make_photo: Maker, seconds: float, fields: dict[str, Any], expected: bool) -> None:
    assert is_one_after_the_other(taken(make_photo), taken(make_photo, seconds, **fields)) is expected


def test_photos_of_unknown_cameras_are_no_burst(make_photo: Maker) -> None:
    nameless = {"camera_make": "", "camera_model": ""}
    assert not is_one_after_the_other(taken(make_photo, **nameless), taken(make_photo, 1, **nameless))


@pytest.mark.parametrize(
    ("match", "tier"),
    [
        (Match(Tier.SAME, 0.9), "burst"),
        (Match(Tier.NONE, 0.5), "burst"),
        (Match(Tier.NONE, 0.49), None),
    ],
)
def test_photos_of_a_burst_need_only_be_similar(make_photo: Maker, match: Match, tier: str | None) -> None:
    verdict = verdict_of(taken(make_photo), taken(make_photo, 1), match)
    assert (verdict and verdict.tier) == tier
    if verdict:
        assert verdict.similarity == match.similarity


# --- what the pixels say ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", [Tier.SAME, Tier.EDITED])
def test_the_pixels_decide_otherwise(make_photo: Maker, tier: Tier) -> None:
    match = Match(tier, 0.97, {"change": "colours"}, PLACEMENT)
    verdict = verdict_of(make_photo(), make_photo(), match)
    assert verdict is not None
    assert (verdict.tier, verdict.similarity) == (tier.value, 0.97)
    assert verdict.evidence == {"change": "colours", "placement": PLACEMENT}


def test_no_match_is_no_verdict(make_photo: Maker) -> None:
    assert verdict_of(make_photo(), make_photo(), matching.NO_MATCH) is None


def framed(outer: str = "first", covers: float = 0.5, inner: float = 1.0, **evidence: Any) -> Match:
    """A match whose `outer` picture has more around what both show."""
    other = "second" if outer == "first" else "first"
    told = {f"covers_{outer}": covers, f"covers_{other}": inner, "change": "frame"}
    told |= {f"blank_{outer}": 1.0, f"set_off_{outer}": 1.0, f"blank_{other}": 1.0, f"set_off_{other}": 0.0}
    return Match(Tier.EDITED, 0.95, told | evidence, PLACEMENT)


@pytest.mark.parametrize("outer", ["first", "second"])
def test_a_picture_in_a_border_is_framed_whichever_comes_first(make_photo: Maker, outer: str) -> None:
    photos = {"first": make_photo(), "second": make_photo()}
    match = framed(outer)
    assert framing(photos["first"], photos["second"], match) == photos[outer]
    verdict = verdict_of(photos["first"], photos["second"], match)
    assert verdict is not None
    assert verdict.evidence["framed"] == photos[outer].pk


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"change": "colours"}, {}),
        ({"covers": 0.98}, {}),  # as good as all of it
        ({"set_off_first": 0.0}, {}),  # a sky that the crop shows too
        ({}, CAMERA),  # the camera describes the whole, and not the crop
    ],
)
def test_pictures_that_are_no_frame(make_photo: Maker, changes: dict[str, Any], fields: dict[str, str]) -> None:
    assert framing(make_photo(**fields), make_photo(), framed(**changes)) is None


def test_a_frame_that_a_camera_describes_like_the_picture_is_one(make_photo: Maker) -> None:
    assert framing(make_photo(**CAMERA), make_photo(**CAMERA), framed()) is not None


def test_without_a_placement_there_is_no_frame(make_photo: Maker) -> None:
    match = framed()
    assert framing(make_photo(), make_photo(), Match(match.tier, match.similarity, match.evidence)) is None


@pytest.mark.parametrize(("broken", "is_frame"), [(0.9, True), (0.6, False)])
def test_a_shown_picture_breaks_off_at_its_edges(make_photo: Maker, broken: float, is_frame: bool) -> None:
    """A border may have two colours; an original goes on beyond its crop."""
    photos = make_photo(), make_photo()
    match = framed(blank_first=0.0, broken_first=broken)
    assert framing(*photos, match) == (photos[0] if is_frame else None)


# --- who compares ----------------------------------------------------------------------------------------------------


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The photos whose thumbnails were read. The picture of a photo is its id; even ids are the same picture."""
    read: list[int] = []

    def thumbnail(photo: Photo) -> Any:
        if photo.original_name == "damaged.jpg":
            raise UnreadableFile("It is damaged.")
        read.append(photo.pk)
        return photo.pk

    def compare(one: Any, other: Any) -> Match:
        return Match(Tier.SAME, 1.0) if one % 2 == other % 2 == 0 else matching.NO_MATCH

    monkeypatch.setattr(comparing, "thumbnail", thumbnail)
    monkeypatch.setattr(comparing.matching, "prepare", lambda image, sketch: image)
    monkeypatch.setattr(comparing.matching, "compare", compare)
    return read


def test_each_picture_is_read_once(make_photo: Maker, looked_at: list[int]) -> None:
    photos = [make_photo() for _ in range(3)]
    comparer = Comparer()
    for one in photos:
        for other in photos:
            comparer.compare(one, other)
    assert sorted(looked_at) == sorted(photo.pk for photo in photos)


def test_only_the_last_used_pictures_stay_in_memory(
    make_photo: Maker, looked_at: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_HELD_PICTURES", 2)
    one, two, three = (make_photo() for _ in range(3))
    comparer = Comparer()
    comparer.compare(one, two)
    comparer.compare(one, three)  # `two` was looked at longest ago, and goes
    comparer.compare(one, three)
    assert looked_at == [one.pk, two.pk, three.pk]
    comparer.compare(one, two)
    assert looked_at[3:] == [two.pk]


def test_a_photo_is_not_compared_with_a_video(make_photo: Maker, looked_at: list[int]) -> None:
    assert Comparer().compare(make_photo(), make_photo(kind="video")) is None
    assert looked_at == []


def test_an_unreadable_picture_is_no_match(make_photo: Maker, looked_at: list[int]) -> None:
    assert Comparer().compare(make_photo(), make_photo(name="damaged.jpg")) is None


def test_the_longer_video_comes_first(make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(comparing, "sampled", lambda video: video.pk)

    def compare(*pair: Any) -> matching.Match:
        asked.append(pair)
        return matching.NO_MATCH

    monkeypatch.setattr(comparing.video_matching, "compare", compare)
    short, long = make_photo(kind="video", duration=3.0), make_photo(kind="video", duration=9.0)
    unknown = make_photo(kind="video", duration=None)
    for pair in ((short, long), (long, short), (unknown, short)):
        Comparer().compare(*pair)
    assert asked == [(long.pk, short.pk), (long.pk, short.pk), (short.pk, unknown.pk)]


def test_what_is_known_about_a_video(make_photo: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    video = make_photo(kind="video", duration=3.0)
    vector = np.eye(1, fingerprints.DIMENSION, dtype=np.float32)[0]
    for frame, kind in ((2, fingerprints.KIND), (0, fingerprints.KIND), (99, fingerprints.KIND), (1, "other")):
        Embedding.objects.create(
            photo=video, kind=kind, model=fingerprints.MODEL, frame=frame, vector=vectors.pack(vector)
        )
    found = comparing.sampled(video)
    assert found.duration == 3.0
    assert list(found.instants) == [0.5, 2.5]
    assert found.vectors.shape == (2, fingerprints.DIMENSION)
    assert comparing.sampled(make_photo(kind="video", duration=None)).vectors.shape == (0, fingerprints.DIMENSION)
