import pytest
from django.utils.translation import override

from accounts.models import Activity
from people.history import sentence

TOLD = [
    ("name", {"name": "Anna", "was": ""}, "Named Anna"),
    ("name", {"name": "Anna", "was": "Ana"}, "Renamed Ana to Anna"),
    ("name", {"name": "", "was": "Anna"}, "Removed the name Anna"),
    ("merge", {"names": ["Anna", "Ben"]}, "Merged Anna and Ben"),
    ("merge", {"names": ["Anna", "Ben", ""]}, "Merged Anna, Ben and somebody without a name"),
    ("merge", {"names": ["Anna", "", ""]}, "Merged Anna and 2 without a name"),
    ("separate", {"names": ["", ""]}, "Marked 2 without a name as different people"),
    ("split", {"count": 1, "name": ""}, "Split 1 face off as somebody without a name"),
    ("split", {"count": 1200, "name": "Anna"}, "Split 1,200 faces off as Anna"),
    ("hide", {"count": 1}, "Hid 1 person"),
    ("show", {"count": 3}, "Showed 3 people again"),
    ("birthday", {}, "Changed a birthday"),
    ("cover", {}, "Changed the cover"),
    ("confirm", {"count": 2, "name": "Anna"}, "Confirmed 2 faces as Anna"),
    ("reject", {"count": 1, "name": "Anna"}, "Marked 1 face as not Anna"),
    ("move", {"count": 2, "name": "Anna"}, "Moved 2 faces to Anna"),
    ("move", {"count": 1, "name": ""}, "Removed 1 face from their person"),
    ("not_a_face", {"count": 2}, "Marked 2 faces as not a face"),
    ("draw", {"name": ""}, "Drew a face"),
    ("draw", {"name": "Anna"}, "Drew a face of Anna"),
    ("move_box", {}, "Moved the box of a face"),
    ("undo", {"undoes": "people.not_a_face"}, "Undid: not a face"),
    ("something_new", {}, "Something new"),
]


@pytest.mark.parametrize(("verb", "detail", "told"), TOLD)
def test_each_action_has_a_sentence(verb: str, detail: dict[str, object], told: str) -> None:
    with override("en"):
        assert sentence(Activity(verb=f"people.{verb}", detail=detail)) == told


@pytest.mark.parametrize(
    ("given_up", "told"),
    [
        (1, "Changed the cover. 1 face no longer fits and has no person now."),
        (2, "Changed the cover. 2 faces no longer fit and have no person now."),
    ],
)
def test_faces_that_no_longer_fit_are_told_too(given_up: int, told: str) -> None:
    with override("en"):
        assert sentence(Activity(verb="people.cover", detail={"given_up": given_up})) == told
