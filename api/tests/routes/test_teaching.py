"""Teaching tags by a program: the question, answers, undo, and a tag that applies itself."""

from typing import Any

import pytest

from accounts.models import User
from photos.models import Photo
from tags.keywords import ensure_tags
from tags.models import PhotoTag, Tag, TaughtTag
from tags.tests.conftest import beaches, look, tag, towns  # noqa: F401 - fixtures

Ask = Any


@pytest.fixture
def path(tag: Tag, beaches: list[Photo], towns: list[Photo]) -> str:  # noqa: F811
    return f"/teaching/{tag.pk}"


def test_a_question_is_answered_and_the_next_one_comes(ask: Ask, tag: Tag, path: str) -> None:  # noqa: F811
    listed = ask("GET", "/teaching").json()["tags"]
    assert [(one["path"], one["photos"], one["missing"]) for one in listed] == [(tag.path, 5, 0)]
    first = ask("GET", path).json()
    assert (first["yes"], first["missing"], 0 < first["probability"] <= 1) == (5, 0, True)
    assert [step["above"] for step in first["steps"]] == [0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    asked = first["photo"]["key"]
    body = {"photo": asked, "said": "yes", "probability": first["probability"]}
    following = ask("POST", f"{path}/answers", json=body).json()
    assert (following["yes"], following["photo"]["key"] != asked) == (6, True)
    assert PhotoTag.objects.filter(tag=tag, photo__key=asked, rejected=False).exists()
    back = ask("POST", f"{path}/undo").json()
    assert back["yes"] == 5
    assert not PhotoTag.objects.filter(tag=tag, photo__key=asked).exists()


def test_a_tag_applies_itself_above_a_threshold(ask: Ask, tag: Tag, path: str) -> None:  # noqa: F811
    assert ask("PUT", f"{path}/threshold", json={"above": 0.5}).status_code == 422  # nothing is learnt yet
    ask("GET", path)
    assert ask("PUT", f"{path}/threshold", json={"above": 0.55}).status_code == 422
    assert ask("PUT", f"{path}/threshold", json={"above": 0.5}).json()["apply_above"] == 0.5
    assert TaughtTag.objects.get(tag=tag).apply_above == 0.5
    assert ask("PUT", f"{path}/threshold", json={"above": None}).json()["apply_above"] is None


def test_a_tag_on_too_few_photos_asks_nothing(ask: Ask, owner: User) -> None:
    alone = ensure_tags(owner.pk, ["Alone"])["alone"]
    told = ask("GET", f"/teaching/{alone.pk}").json()
    assert (told["missing"], told["photo"], told["steps"]) == (5, None, [])


def test_a_strangers_tag_is_404(program: Any, stranger: User, path: str) -> None:
    other = program(stranger)
    assert other("GET", "/teaching").json() == {"tags": []}
    for method, below, body in (("GET", "", None), ("POST", "/undo", None), ("PUT", "/threshold", {"above": None})):
        assert other(method, f"{path}{below}", json=body).status_code == 404
