"""Where a search finds nothing: what nearly fits, and which work is unfinished."""

from typing import Any

from accounts.models import User
from photos.models import StageRun
from search.results.chips import chips
from search.results.nearly import nearly_fitting, unfinished
from search.results.timeline import find


def nearly(user: User, text: str) -> list[tuple[str, str]]:
    return [(one.text, one.search) for one in nearly_fitting(user, chips(find(user, text)))]


def test_what_nearly_fits_leaves_one_thing_out(owner: User, make_photo: Any) -> None:
    for title in ("beach", "beach", "snow"):
        make_photo(title=title)
    assert nearly(owner, "beach snow") == [("2 without “snow”", "beach"), ("1 without “beach”", "snow")]
    assert nearly(owner, "beach iso:>800 rating:5") == []
    assert nearly(owner, "mountain") == []


def test_what_was_left_out_may_be_there_too(owner: User, make_photo: Any, name_face: Any) -> None:
    """Without “without Anna” there is Anna."""
    for name in ("one", "two"):
        photo = make_photo(name=f"{name}.jpg", title="beach dog")
        name_face(photo, "Anna")
        name_face(photo, "")
    assert nearly(owner, "beach without anna") == [("2 with “Anna” too", "beach")]
    assert nearly(owner, "beach -dog") == [("2 with “dog” too", "beach")]
    assert nearly(owner, "beach -person:Anna") == [("2 with “Anna” too", "beach")]
    assert nearly(owner, "beach without people") == [("2 with “people” too", "beach")]


def test_others_photos_do_not_fit(stranger: User, make_photo: Any) -> None:
    make_photo(title="beach")
    assert nearly(stranger, "beach snow") == []


def test_unfinished_work_is_said_of_the_own_photos(owner: User, stranger: User, make_photo: Any) -> None:
    for number, stage in enumerate(("metadata", "metadata", "text", "thumbnails", "faces")):
        status = StageRun.Status.DONE if stage == "faces" else StageRun.Status.WAITING
        StageRun.objects.create(photo=make_photo(name=f"{number}.jpg"), stage=stage, status=status)
    make_photo(owner=stranger)
    assert unfinished(owner) == [
        "2 photos are not read yet: their dates and places are not known.",
        "There is 1 photo whose written words are not read yet.",
    ]
    assert unfinished(stranger) == []
