"""The editor's page: for the owner alone, saving, refusing, going back, and copying an edit to others."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Activity, User
from photos.editing import bulk, edits
from photos.models import Photo, StageRun
from photos.tests.editing.test_picture_edits import CROP, LIGHT, MakePhoto, edit, given

Operations = list[dict[str, Any]]


@pytest.fixture
def photo(make_photo: MakePhoto) -> Photo:
    return make_photo()


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def save(client: Client, photo: Photo, *operations: dict[str, Any], **fields: Any) -> Any:
    form = {"edit": json.dumps(given(*operations)), "before": "-1", **fields}
    return client.post(f"/photo/{photo.key}/picture/save/?in=favourites", form)


def test_the_editor_begins_with_the_edit(signed_in: Client, photo: Photo) -> None:
    edit(photo, CROP)
    page = signed_in.get(f"/photo/{photo.key}/picture/?in=favourites").content.decode()
    assert '"op": "crop"' in page
    assert f"/photo/{photo.key}/?in=favourites" in page
    assert "Back to the original" in page


def test_saving_leads_back_to_the_photo_in_its_list(signed_in: Client, photo: Photo) -> None:
    response = save(signed_in, photo, CROP, LIGHT)
    assert (response.status_code, response["Location"]) == (302, f"/photo/{photo.key}/?in=favourites")
    photo.refresh_from_db()
    assert photo.picture_edit == given(CROP, LIGHT)
    assert Activity.objects.get().verb == "edited picture"


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"edit": "{"}, "could not be read"),
        ({"edit": "[]"}, "a version and a list"),
        ({"edit": json.dumps(given({"op": "sparkle"}))}, "does not know the operation sparkle"),
        ({"edit": json.dumps({"version": 2, "operations": []})}, "newer Mirage"),
        ({}, "could not be read"),
    ],
)
def test_what_does_not_fit_is_refused_and_stays(
    signed_in: Client, photo: Photo, form: dict[str, str], reason: str
) -> None:
    response = signed_in.post(f"/photo/{photo.key}/picture/save/", {"before": "-1", **form})
    assert (response.status_code, reason in response.content.decode()) == (422, True)
    photo.refresh_from_db()
    assert photo.picture_edit is None


def test_an_edit_made_elsewhere_is_not_overruled(signed_in: Client, photo: Photo) -> None:
    edit(photo, LIGHT)
    response = save(signed_in, photo, CROP)
    assert "edited elsewhere in the meantime" in response.content.decode()
    assert "&quot;crop" in response.content.decode() or '\\"crop' in response.content.decode()  # it is still there
    photo.refresh_from_db()
    assert photo.picture_edit == given(LIGHT)


def test_back_to_the_original(signed_in: Client, photo: Photo) -> None:
    edit(photo, LIGHT)
    save(signed_in, photo, original="yes")
    photo.refresh_from_db()
    assert photo.picture_edit is None


def test_others_and_nobody_cannot_edit(client: Client, photo: Photo, stranger: User) -> None:
    pages = [
        f"/photo/{photo.key}/{page}" for page in ("picture/", "picture/auto/", "picture/unedited.webp", "rendition/")
    ]
    assert {client.get(page).status_code for page in pages} == {302}
    client.force_login(stranger)
    assert {client.get(page).status_code for page in pages} == {404}
    assert save(client, photo, LIGHT).status_code == 404


def test_what_has_no_picture_has_no_editor(signed_in: Client, make_photo: MakePhoto, photo: Photo) -> None:
    video = make_photo(name="a.mp4", media_type="video/mp4", kind="video", displayable=False)
    Photo.objects.filter(pk=photo.pk).update(displayable=False)
    for one in (video, photo):
        assert signed_in.get(f"/photo/{one.key}/picture/").status_code == 404
        assert save(signed_in, one, LIGHT).status_code == 404


def test_auto_suggests_nothing_for_videos(signed_in: Client, make_photo: MakePhoto) -> None:
    video = make_photo(name="a.mp4", media_type="video/mp4", kind="video")
    assert signed_in.get(f"/photo/{video.key}/picture/auto/").status_code == 404
    assert save(signed_in, video, LIGHT).status_code == 422


def test_the_open_photo_asks_until_the_edit_is_rendered(signed_in: Client, photo: Photo) -> None:
    edit(photo, LIGHT)
    run = StageRun.objects.create(photo=photo, stage="renditions")
    waiting = signed_in.get(f"/photo/{photo.key}/rendition/", headers={"HX-Request": "true"})
    assert "being applied" in waiting.content.decode()
    assert "HX-Trigger" not in waiting
    StageRun.objects.filter(pk=run.pk).update(status="failed", error="The edit does not fit: too much.")
    failed = signed_in.get(f"/photo/{photo.key}/rendition/", headers={"HX-Request": "true"})
    assert "could not be applied: The edit does not fit" in failed.content.decode()
    StageRun.objects.filter(pk=run.pk).update(status="done")
    done = signed_in.get(f"/photo/{photo.key}/rendition/", headers={"HX-Request": "true"})
    assert "photos:turned" in done["HX-Trigger"]


def test_an_edit_is_pasted_onto_a_selection(signed_in: Client, photo: Photo, make_photo: MakePhoto) -> None:
    edit(photo, CROP, LIGHT)
    others = [make_photo(name=f"{number}.jpg") for number in range(2)]
    keys = ",".join(one.key for one in [photo, *others])
    signed_in.post("/selection/paste-edit/", {"keys": keys, "from": photo.key})
    assert {json.dumps(one.picture_edit) for one in Photo.objects.exclude(pk=photo.pk)} == {json.dumps(given(LIGHT))}
    signed_in.post("/selection/paste-edit/", {"keys": keys, "from": photo.key, "crop": "yes"})
    assert all(one.picture_edit == given(CROP, LIGHT) for one in Photo.objects.all())
    bulk.make(photo.owner, Photo.objects.exclude(pk=photo.pk), edits.reset(["picture_edit"]), photo.owner)
    signed_in.post("/selection/paste-edit/?crop=yes", {"keys": keys, "from": photo.key})  # as the bar's button does
    assert all(one.picture_edit == given(CROP, LIGHT) for one in Photo.objects.all())


def test_only_an_own_edit_is_pasted_and_only_onto_own_photos(
    client: Client, photo: Photo, stranger: User, make_photo: MakePhoto
) -> None:
    edit(photo, LIGHT)
    client.force_login(stranger)
    response = client.post("/selection/paste-edit/", {"keys": photo.key, "from": photo.key})
    assert (response.status_code, Activity.objects.count()) == (302, 1)
    mine = make_photo(name="mine.jpg", owner=stranger)
    assert client.post("/selection/paste-edit/", {"keys": mine.key, "from": photo.key}).status_code == 404
    response = client.post(
        "/selection/paste-edit/", {"keys": mine.key, "from": mine.key}, headers={"HX-Request": "true"}
    )
    assert "no edit to copy" in response.content.decode()


def test_saving_a_copy_leads_to_it_and_leaves_the_photo(signed_in: Client, photo: Photo) -> None:
    edit(photo, LIGHT)  # elsewhere: a copy overrules nothing, so it needs no fresh page
    response = save(signed_in, photo, CROP, copy="yes")
    copy = Photo.objects.get(copy_number=1)
    assert response["Location"] == f"/photo/{copy.key}/?in=favourites"
    photo.refresh_from_db()
    assert (photo.picture_edit, copy.picture_edit) == (given(LIGHT), given(CROP))
    page = signed_in.get(f"/photo/{copy.key}/").content.decode()
    assert "copy 1, with another edit of the same file" in page
    assert Activity.objects.latest("pk").verb == "copied photo"


def test_a_copy_that_does_not_fit_is_refused(signed_in: Client, photo: Photo) -> None:
    assert save(signed_in, photo, {"op": "sparkle"}, copy="yes").status_code == 422
    assert Photo.objects.count() == 1


def test_a_stranger_saves_no_copy(client: Client, photo: Photo, stranger: User) -> None:
    client.force_login(stranger)
    assert save(client, photo, CROP, copy="yes").status_code == 404
    assert Photo.objects.count() == 1
