"""Editing from the panel and from the selection, the preview, the tags, and undo."""

import re
from datetime import UTC, datetime

import pytest

from accounts import batches
from accounts.models import Activity
from mirage.testing.html import folded
from photos.editing import bulk, edits
from photos.gallery.facts import fields_in_words
from photos.gallery.viewer import viewer_context
from photos.models import Photo, RawMetadata
from tags.keywords import keywords_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def post(client, owner):
    client.force_login(owner)
    return lambda address, headers=HTMX, **form: client.post(address, form, headers=headers)


@pytest.fixture
def edit(post):
    return lambda photo, **form: post(f"/photo/{photo.key}/edit/", **form)


def text_of(response):
    return folded(response)


@pytest.mark.parametrize("tail", ["edit/", "tags/"])
def test_the_anonymous_sign_in_and_strangers_get_404(client, stranger, make_photo, tail):
    address = f"/photo/{make_photo().key}/{tail}"
    send = client.get if tail == "tags/" else client.post
    assert send(address).status_code == 302
    client.force_login(stranger)
    assert send(address).status_code == 404


def test_a_title_is_edited_and_undone(edit, post, make_photo):
    photo = make_photo(title="Old")
    response = edit(photo, field="title", value="At the sea & <sun>")
    photo.refresh_from_db()
    assert photo.title == "At the sea & <sun>"
    assert text_of(response).strip().startswith("<aside")
    assert "At the sea &amp; &lt;sun&gt;" in text_of(response)
    assert "photos:edited" in response.headers["HX-Trigger"]
    activity = Activity.objects.get()
    assert f"/changes/{activity.pk}/undo/" in text_of(response)
    assert "Undone" in text_of(post(f"/changes/{activity.pk}/undo/"))
    again = post(f"/changes/{activity.pk}/undo/")
    assert (again.status_code, "undone already" in text_of(again)) == (422, True)
    photo.refresh_from_db()
    assert photo.title == "Old"


@pytest.mark.parametrize("field", ["title", "description"])
def test_a_form_that_was_filled_in_before_another_change_saves_nothing_and_shows_both_texts(edit, make_photo, field):
    photo = make_photo(**{field: "Old"})
    assert edit(photo, field=field, value="First tab", before="Old").status_code == 200
    late = edit(photo, field=field, value="Second tab", before="Old")
    assert late.status_code == 422
    text = text_of(late)
    assert f"The {field} was changed elsewhere" in text
    assert '<blockquote class="info-now">First tab</blockquote>' in text
    assert re.search(r'value="Second tab"|>Second tab</textarea>', text)
    assert '<input type="hidden" name="before" value="First tab">' in text  # so that saving again puts it in its place
    photo.refresh_from_db()
    assert getattr(photo, field) == "First tab"
    assert edit(photo, field=field, value="Second tab", before="First tab").status_code == 200
    photo.refresh_from_db()
    assert getattr(photo, field) == "Second tab"


@pytest.mark.parametrize(
    ("field", "sent", "shown", "typed"),
    [
        ("taken", {"date": "2021-05-06", "time": "07:08:09"}, "2020-02-03 04:05:06, time", "2021-05-06"),
        ("position", {"latitude": "38.5", "longitude": "-9.5"}, "48.858370, 2.294480", "38.5"),
    ],
)
def test_date_and_place_of_an_older_form_save_nothing_and_show_both(edit, make_photo, field, sent, shown, typed):
    photo = make_photo(taken=datetime(2020, 2, 3, 4, 5, 6), latitude=48.85837, longitude=2.29448)
    late = edit(photo, field=field, before="2019-01-01 00:00:00, time", **sent)
    text = text_of(late)
    assert late.status_code == 422
    assert f'<blockquote class="info-now">{shown}</blockquote>' in text
    assert f'value="{typed}"' in text
    assert f'name="before" value="{shown}"' in text
    photo.refresh_from_db()
    assert (photo.taken_local.year, photo.latitude) == (2020, 48.85837)
    assert edit(photo, field=field, before=shown, **sent).status_code == 200
    photo.refresh_from_db()
    assert (photo.taken_local.year, photo.latitude) in {(2021, 48.85837), (2020, 38.5)}


def test_a_date_that_is_refused_is_still_in_the_form(edit, make_photo):
    sent = {"date": "2021-05-06", "time": "07:08:09", "known": "day", "zone": "Nowhere/Town"}
    answer = edit(make_photo(taken=datetime(2020, 2, 3)), field="taken", **sent)
    text = text_of(answer)
    assert answer.status_code == 422
    assert all(f'value="{sent[name]}"' in text for name in ("date", "time", "zone"))
    assert '<option value="day" selected>' in text


def test_what_reads_the_same_is_not_stale(edit, make_photo):
    photo = make_photo(description="One\nTwo")
    assert edit(photo, field="description", value="One", before=" One\r\nTwo ").status_code == 200
    assert edit(photo, field="description", value="One", before="Never").status_code == 200  # both wrote the same
    assert edit(photo, field="description", value="By a program that knows of no other").status_code == 200
    assert edit(photo, field="description", reset="description", before="Never").status_code == 200


def test_a_text_that_is_refused_is_still_in_the_form(edit, make_photo):
    answer = edit(make_photo(title="Old"), field="title", value="x" * 300, before="Old")
    assert (answer.status_code, "x" * 300 in text_of(answer)) == (422, True)


def test_without_htmx_the_photo_is_shown_again(edit, post, make_photo):
    photo = make_photo()
    response = post(f"/photo/{photo.key}/edit/", headers={}, field="title", value="Plain")
    assert response.headers["Location"] == f"/photo/{photo.key}/info/"
    assert Photo.objects.get().title == "Plain"


def doubted(make_photo):
    photo = make_photo(taken=datetime(1980, 1, 1, 0, 4), taken_doubtful=True)
    told = {
        "taken_doubts": ["exif: 1980-01-01 00:04 is what an unset clock says"],
        "taken_alternatives": [{"source": "file", "local": "2023-06-07T10:00:00"}],
    }
    RawMetadata.objects.create(photo=photo, fields=told)
    return photo


def test_a_doubtful_date_is_explained_and_offered_for_correction(client, edit, make_photo):
    photo = doubted(make_photo)
    shown = text_of(client.get(f"/photo/{photo.key}/info/", headers=HTMX))
    assert "This date is doubtful: 1980-01-01 00:04 is what an unset clock says." in shown
    assert "It is right" in shown
    assert "7 June 2023, 10:00 from the file&#x27;s date" in shown
    assert "doubtful" not in text_of(edit(photo, field="taken", date="2023-06-07", time="10:00:00"))
    photo.refresh_from_db()
    assert (photo.taken_local, photo.taken_doubtful) == (datetime(2023, 6, 7, 10, tzinfo=UTC), False)


def test_only_the_owner_is_asked_about_a_doubtful_date(make_photo, rf, stranger):
    photo = doubted(make_photo)
    request = rf.get("/")
    request.user, request.htmx = stranger, None
    assert viewer_context(request, photo)["doubt"] is None
    request.user = photo.owner
    assert viewer_context(request, photo)["doubt"] is not None


@pytest.mark.parametrize(
    ("known", "local", "shown"),
    [
        ("year", datetime(2019, 1, 1), "<p>2019</p>"),
        ("month", datetime(2019, 7, 1), "<p>July 2019</p>"),
        ("day", datetime(2019, 7, 4), "<p>Thursday, 4 July 2019</p>"),
        ("time", datetime(2019, 7, 4, 18, 30), "18:30:00"),
    ],
)
def test_as_much_of_a_date_as_is_known(edit, make_photo, known, local, shown):
    photo = make_photo()
    response = edit(photo, field="taken", date="2019-07-04", time="18:30", known=known)
    photo.refresh_from_db()
    assert (photo.taken_local, photo.taken_precision) == (local.replace(tzinfo=UTC), known)
    assert shown in text_of(response)
    edit(photo, field="zone", zone="Asia/Tokyo")
    photo.refresh_from_db()
    assert (photo.taken_local, photo.taken_precision) == (local.replace(tzinfo=UTC), known)
    edit(photo, reset="taken")


def test_a_doubtful_date_has_alternatives(edit, make_photo):
    response = edit(make_photo(), field="taken", date="2019-07-04", time="18:30", known="century")
    assert response.status_code == 422
    assert "the year, the month, the day or the time is known" in text_of(response)


def test_time_zone_place_rating_description_and_keywords(edit, make_photo):
    photo = make_photo()
    edit(photo, field="taken", date="2019-07-04", time="18:30:05", zone="Europe/Lisbon")
    edit(photo, field="position", latitude="38.7167", longitude="-9.1333")
    edit(photo, field="rating", value="4")
    edit(photo, field="description", value="Long ago")
    edit(photo, field="keywords", add="family, travel/portugal")
    photo.refresh_from_db()
    assert photo.taken_local == datetime(2019, 7, 4, 18, 30, 5, tzinfo=UTC)
    assert (photo.taken_offset, photo.rating, photo.description) == (60, 4, "Long ago")
    assert (photo.place, photo.country) == ("Lisbon", "Portugal")
    assert keywords_of(photo) == ["family", "travel/portugal"]
    response = edit(photo, field="keywords", remove=["family", "travel/portugal"])
    assert keywords_of(photo) == []
    assert 'name="reset" value="taken"' in text_of(response)
    edit(photo, field="position", latitude="", longitude="")
    photo.refresh_from_db()
    assert (photo.latitude, photo.place) == (None, "")


def test_the_form_of_the_place_begins_with_the_place_as_it_is(client, owner, make_photo):
    photo = make_photo(latitude=38.7167, longitude=-9.1333, place="Lisbon")
    client.force_login(owner)
    panel = text_of(client.get(f"/photo/{photo.key}/info/", headers=HTMX))
    for name, value in (("latitude", "38.716700"), ("longitude", "-9.133300")):
        assert re.search(rf'<input[^>]* name="{name}"[^>]* value="{value}"', panel)


def test_a_field_goes_back_to_what_the_file_says(edit, make_photo):
    photo = make_photo(title="From the file")
    fields = {"title": "From the file", "taken_local": "2024-05-01T12:00:00", "taken_source": "exif"}
    RawMetadata.objects.create(photo=photo, fields=fields, sources={"title": "xmp"})
    edit(photo, field="title", value="Mine")
    edit(photo, field="title", value="Mine", reset="title")
    photo.refresh_from_db()
    assert photo.title == "From the file"
    assert not photo.edits.exists()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"field": "title", "value": "x" * 256}, "at most 255"),
        ({"field": "taken", "date": "2019-02-30", "time": "10:00"}, "Give a date"),
        ({"field": "taken", "date": "2019-02-20", "time": "10:00", "zone": "Moon"}, "not a time zone"),
        ({"field": "position", "latitude": "91", "longitude": "0"}, "Latitudes range"),
        ({"field": "position", "latitude": "north", "longitude": "0"}, "must be numbers"),
        ({"field": "position", "latitude": "nan", "longitude": "0"}, "Latitudes range"),
        ({"field": "rating", "value": "9"}, "0 to 5"),
        ({"field": "rating", "value": "x"}, "must be a number"),
        ({"field": "keywords"}, "Say which"),
        ({"field": "shift", "by": "1:77"}, "hours and minutes"),
        ({"field": "shift", "by": "0:00"}, "by how much"),
        ({"field": "zone", "zone": ""}, "not a time zone"),
        ({"field": "copy", "from": "nothing"}, "no such photo"),
        ({"field": "sha256"}, "Choose what"),
        ({}, "Choose what"),
    ],
)
def test_invalid_values_are_refused_with_a_message(edit, post, make_photo, form, said):
    photo = make_photo()
    before = Photo.objects.values().get()
    assert edit(photo, **form).status_code == 422
    response = post("/selection/edit/", keys=photo.key, **form)
    assert response.status_code == 422
    assert said in text_of(response)
    assert Photo.objects.values().get() == before


def test_a_selection_is_shifted_with_preview_and_undo(post, make_photo):
    photos = [make_photo(taken=datetime(2024, 5, 1, 12)) for _ in range(3)]
    form = {"keys": f"{photos[0].key},{photos[1].key}", "field": "shift", "by": "-1:07"}
    preview = text_of(post("/selection/edit/", preview="yes", **form))
    assert "2 of 2 photos" in preview
    assert "1 May 2024, 12:00:00" in preview
    assert "1 May 2024, 10:53:00" in preview
    assert set(Photo.objects.values_list("taken_local__hour", flat=True)) == {12}
    response = post("/selection/edit/", **form)
    assert "2 photos changed" in text_of(response)
    hours = dict(Photo.objects.values_list("key", "taken_local__hour"))
    assert [hours[photo.key] for photo in photos] == [10, 10, 12]
    post(f"/changes/{Activity.objects.get().pk}/undo/")
    assert set(Photo.objects.values_list("taken_local__hour", flat=True)) == {12}


def test_a_whole_camera_is_shifted(post, make_photo):
    one, other = make_photo(camera_model="A"), make_photo(camera_model="A")
    another = make_photo(camera_model="B")
    assert "2 photos changed" in text_of(
        post("/selection/edit/", keys=one.key, field="shift", by="1:00", scope="camera")
    )
    assert Photo.objects.get(pk=other.pk).taken_local.hour == 13
    assert Photo.objects.get(pk=another.pk).taken_local.hour == 12


def test_a_place_is_copied_from_another_photo(post, make_photo):
    source = make_photo(latitude=1.5, longitude=2.5, place="There")
    photo = make_photo()
    address = f"https://photos.example.org/photo/{source.key}/"
    post("/selection/edit/", keys=photo.key, field="copy", what="position", **{"from": address})
    photo.refresh_from_db()
    assert (photo.latitude, photo.place) == (1.5, "There")


def test_nobody_edits_or_copies_or_undoes_a_strangers(client, post, edit, stranger, make_photo):
    mine, theirs = make_photo(), make_photo(owner=stranger, title="Secret")
    response = post("/selection/edit/", keys=theirs.key, field="title", value="Mine now")
    assert response.status_code == 422
    response = post("/selection/edit/", keys=mine.key, field="copy", what="title", **{"from": theirs.key})
    assert response.status_code == 422
    edit(mine, field="title", value="A")
    activity = Activity.objects.get()
    client.force_login(stranger)
    assert client.post(f"/changes/{activity.pk}/undo/").status_code == 404
    assert client.get(f"/changes/{activity.pk}/").status_code == 404
    assert Photo.objects.get(pk=theirs.pk).title == "Secret"


def test_a_change_under_way_tells_how_far_it_is(client, post, make_photo, owner):
    photo = make_photo()
    activity = bulk.begin(owner, Photo.objects.all(), edits.set_words(title="Later"), owner)
    client.force_login(owner)
    text = text_of(client.get(f"/changes/{activity.pk}/", headers=HTMX))
    assert f'hx-get="/changes/{activity.pk}/"' in text
    batches.carry_on(activity.pk)
    response = client.get(f"/changes/{activity.pk}/", headers=HTMX)
    assert "Photo changed" in text_of(response)
    assert "hx-get" not in text_of(response)
    assert "photos:edited" in response.headers["HX-Trigger"]
    assert Photo.objects.get(pk=photo.pk).title == "Later"


def test_an_undo_under_way_tells_so_and_offers_none(client, post, make_photo, owner):
    make_photo()
    activity = bulk.make(owner, Photo.objects.all(), edits.set_words(title="Later"), owner)
    batches.start_undo(activity)
    client.force_login(owner)
    text = text_of(client.get(f"/changes/{activity.pk}/", headers=HTMX))
    assert "Undoing" in text
    assert f'hx-get="/changes/{activity.pk}/"' in text
    assert "/undo/" not in text
    batches.carry_on(activity.pk)
    assert "Undone" in text_of(client.get(f"/changes/{activity.pk}/", headers=HTMX))


def test_all_tags_are_shown_with_their_sources(client, owner, make_photo):
    photo = make_photo()
    RawMetadata.objects.create(
        photo=photo,
        tags={"Exif.Image.Make": "Canon <1>"},
        fields={"camera_make": "Canon"},
        sources={"camera_make": "exif"},
    )
    client.force_login(owner)
    whole, fragment = client.get(f"/photo/{photo.key}/tags/"), client.get(f"/photo/{photo.key}/tags/", headers=HTMX)
    assert b"<html" in whole.content
    assert fragment.content.strip().startswith(b'<div class="tags"')
    for said in ("Exif.Image.Make", "Canon &lt;1&gt;", "Camera make", "from the camera"):
        assert said in text_of(fragment)
    assert "have no metadata" in text_of(client.get(f"/photo/{make_photo().key}/tags/"))


def test_fields_are_told_in_words():
    fields = {
        "taken_local": "2024-05-01T12:00:00", "taken_offset": 120, "exposure": 0.004, "aperture": 2.8, "flash": False,
        "turn": 1, "orientation": 6, "keywords": ["a", "b"], "title": "", "latitude": 48.123456789,
        "regions": [{"name": "Anna"}, {"name": None}],
    }  # fmt: skip
    assert fields_in_words(fields, {"keywords": "xmp+takeout", "taken_offset": "zone"}) == [
        ("Taken", "1 May 2024, 12:00:00", ""),
        ("Time zone", "UTC+02:00", "by the time zone there"),
        ("Exposure", "1/250 s", ""),
        ("Aperture", "2.8", ""),
        ("Orientation", "6", ""),
        ("Keywords", "a, b", "from the file's XMP and from Google Takeout"),
        ("Latitude", "48.12346", ""),
        ("Regions", "Anna", ""),
    ]


def test_the_panel_and_the_timeline_offer_it_without_inline_code(client, owner, make_photo):
    photo = make_photo(latitude=1, longitude=2)
    client.force_login(owner)
    for address in (f"/photo/{photo.key}/info/", "/"):
        text = text_of(client.get(address))
        assert " style=" not in text
        assert "onclick" not in text
    assert 'id="edit-selection"' in text
    assert 'id="edit-selection"' not in text_of(client.get("/trash/"))


def test_pictures_are_rotated_and_back(post, make_photo):
    photo, video = make_photo(), make_photo(name="a.mp4", media_type="video/mp4", kind="video")
    response = post("/selection/turn/", keys=f"{photo.key},{video.key}", way="left")
    assert "2 photos rotated" in text_of(response)
    assert "photos:edited" in response.headers["HX-Trigger"]
    photo.refresh_from_db()
    assert (photo.turn, photo.width, photo.height) == (8, 300, 400)
    video.refresh_from_db()
    assert (video.turn, [one["op"] for one in video.picture_edit["operations"]]) == (1, ["turn"])
    assert "Undone" in text_of(post(f"/changes/{Activity.objects.get().pk}/undo/"))
    photo.refresh_from_db()
    assert (photo.turn, photo.width, photo.height) == (1, 400, 300)
    assert Photo.objects.get(pk=video.pk).picture_edit is None


def test_a_rotation_that_does_not_exist_and_photos_of_others_are_refused(post, client, stranger, make_photo):
    photo = make_photo()
    refused = post("/selection/turn/", keys=photo.key, way="sideways")
    assert (refused.status_code, "left, right, round or mirror" in text_of(refused)) == (422, True)
    client.force_login(stranger)
    client.post("/selection/turn/", {"keys": photo.key, "way": "left"})
    photo.refresh_from_db()
    assert photo.turn == 1
