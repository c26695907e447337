"""Automatic labels in the panel: shown with their confidence, accepted, rejected, turned off, each with a way back."""

import pytest

from accounts.models import Activity
from photos.models import DetectedObject, PhotoText
from photos.pipeline import objects
from tags.keywords import keywords_of
from tags.models import PhotoTag, Tag
from vision.tests.test_objects import seen

HTMX = {"HX-Request": "true"}


@pytest.fixture
def photo(make_photo):
    photo = make_photo()
    objects.record({photo.pk: [seen("dog", 0.1, 0.9), seen("dog", 0.6, 0.7), seen("cell phone", 0.4, 0.55)]})
    lines = [{"text": "Beware of the dog", "score": 0.9, "box": [0, 0, 1, 1], "seconds": None}]
    PhotoText.objects.create(photo=photo, text="Beware of the dog", lines=lines, model="test")
    return photo


@pytest.fixture
def send(client, owner, photo):
    client.force_login(owner)
    return lambda **form: client.post(f"/photo/{photo.key}/edit/", form, headers=HTMX)


@pytest.fixture
def panel(client, owner, photo):
    client.force_login(owner)
    return lambda: client.get(f"/photo/{photo.key}/info/", headers=HTMX).content.decode()


def states(photo):
    return sorted(photo.detected_objects.values_list("label", "state"))


def test_labels_are_shown_with_confidence_and_text_with_its_lines(panel):
    html = panel()
    assert "Dog" in html
    assert "× 2" in html
    assert "90 %" in html
    assert "55 %" in html
    assert "?q=object:%22cell%20phone%22" in html
    assert "Beware of the dog" in html


def test_labels_have_names_in_the_readers_language(owner, client, photo, panel, send):
    owner.language = "de"
    owner.save()
    html = panel()
    assert "Hund" in html
    assert "Handy" in html
    assert "Dog" not in html
    assert "?q=object:%22dog%22" in html, "links stay as every language reads them"
    assert "Hund" in client.get(f"/photo/{photo.key}/boxes/").content.decode()
    assert send(field="object", label="dog", decision="accept").status_code == 200
    assert [tag.path for tag in Tag.objects.all()] == ["Hund"], "as the page says on the button"


def test_a_rejected_label_is_gone_for_good_and_comes_back_by_undo(send, photo, panel, client):
    response = send(field="object", label="dog", decision="reject")
    assert "has no dog" in response.content.decode()
    assert states(photo) == [("cell phone", "proposed"), ("dog", "rejected"), ("dog", "rejected")]
    assert ">Dog<" not in "".join(panel().split())
    objects.record({photo.pk: [seen("dog", 0.3, 0.99)]})
    assert ">Dog<" not in "".join(panel().split())
    client.post(f"/changes/{Activity.objects.get().pk}/undo/", headers=HTMX)
    assert {state for label, state in states(photo) if label == "dog"} == {"proposed"}


def test_one_box_alone_is_rejected(send, photo):
    box = photo.detected_objects.get(score=0.7)
    send(field="object", label="dog", decision="reject", ids=box.pk)
    assert list(photo.detected_objects.filter(state="rejected")) == [box]


def test_an_accepted_label_becomes_a_tag_and_one_undo_takes_both_back(send, photo, panel, client):
    send(field="object", label="dog", decision="accept")
    assert keywords_of(photo) == ["dog"]
    assert states(photo) == [("cell phone", "proposed"), ("dog", "accepted"), ("dog", "accepted")]
    assert "accepted" in panel()
    client.post(f"/changes/{Activity.objects.get().pk}/undo/", headers=HTMX)
    assert keywords_of(photo) == []
    assert not photo.detected_objects.filter(state="accepted").exists()


def test_undo_keeps_later_decisions(send, photo, client):
    send(field="object", label="dog", decision="reject")
    photo.detected_objects.filter(score=0.9).update(state="accepted")
    client.post(f"/changes/{Activity.objects.get().pk}/undo/", headers=HTMX)
    assert sorted(photo.detected_objects.filter(label="dog").values_list("score", "state")) == [
        (0.7, "proposed"),
        (0.9, "accepted"),
    ]


def test_a_learnt_tag_is_shown_apart_accepted_and_refused(send, photo, panel, owner):
    tags = [Tag.objects.create(owner=owner, name=name, path=name) for name in ("beach", "party")]
    for tag in tags:
        PhotoTag.objects.create(photo=photo, tag=tag, source="learnt", confidence=0.93)
    assert keywords_of(photo) == []
    assert "learnt, 93 %" in panel()
    send(field="keywords", add="beach")
    send(field="keywords", remove="party")
    assert keywords_of(photo) == ["beach"]
    assert PhotoTag.objects.get(tag__path="party").rejected
    assert "learnt" not in panel()


def test_text_is_refused_and_comes_back(send, panel, client):
    assert "has no text" in send(field="text_in_picture", decision="reject").content.decode()
    assert PhotoText.objects.get().rejected
    assert "Beware" not in panel()
    client.post(f"/changes/{Activity.objects.get().pk}/undo/", headers=HTMX)
    assert not PhotoText.objects.get().rejected


@pytest.mark.parametrize(
    "form",
    [
        {"field": "object", "label": "dragon", "decision": "accept"},
        {"field": "object", "label": "dog", "decision": "perhaps"},
        {"field": "object"},
        {"field": "text_in_picture"},
    ],
)
def test_invalid_decisions_are_refused(send, photo, form):
    assert send(**form).status_code == 422
    assert not photo.detected_objects.exclude(state="proposed").exists()


def test_boxes_of_others_photos_cannot_be_decided(send, photo, make_photo, stranger):
    other = make_photo(owner=stranger)
    objects.record({other.pk: [seen("dog")]})
    box = other.detected_objects.get()
    send(field="object", label="dog", decision="reject", ids=box.pk)
    box.refresh_from_db()
    assert box.state == "proposed"


def test_labels_can_be_turned_off_and_on(client, owner, photo, panel):
    client.force_login(owner)
    answer = client.post(f"/photo/{photo.key}/labels/", {"wanted": "no"}, headers=HTMX).content.decode()
    owner.refresh_from_db()
    assert not owner.automatic_labels
    assert "Dog" not in answer
    assert "Automatic labels are off" in answer
    assert "Beware" not in panel()
    response = client.post(f"/photo/{photo.key}/labels/", {"wanted": "yes"})
    assert response.headers["Location"] == f"/photo/{photo.key}/info/"
    assert "Dog" in panel()


def test_boxes_are_laid_over_the_picture(client, owner, photo):
    client.force_login(owner)
    photo.detected_objects.filter(label="cell phone").update(state="rejected")
    html = client.get(f"/photo/{photo.key}/boxes/", headers=HTMX).content.decode()
    assert html.count('class="box"') == 2
    assert 'data-x="0.10000"' in html
    DetectedObject.objects.all().delete()
    assert "No objects were found" in client.get(f"/photo/{photo.key}/boxes/", headers=HTMX).content.decode()


@pytest.mark.parametrize("tail", ["boxes/", "labels/"])
def test_the_anonymous_sign_in_and_strangers_get_404(client, stranger, photo, tail):
    address = f"/photo/{photo.key}/{tail}"
    ask = client.get if tail == "boxes/" else client.post
    assert ask(address).status_code == 302
    client.force_login(stranger)
    assert ask(address).status_code == 404
    assert stranger.automatic_labels
