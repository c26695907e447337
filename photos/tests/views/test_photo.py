"""The viewer and its panel of facts."""

from datetime import UTC, datetime

import pytest
from django.utils.html import escape

from albums.models import Album
from mirage.testing.html import folded
from people.models import Face, Person
from photos.models import StageRun

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address, **headers: client.get(address, headers=headers)


@pytest.mark.parametrize("tail", ["", "info/"])
def test_the_anonymous_sign_in_and_strangers_get_404(client, stranger, make_photo, tail):
    address = f"/photo/{make_photo().key}/{tail}"
    assert client.get(address).status_code == 302
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    assert client.get(f"/photo/nothing/{tail}").status_code == 404


def test_the_photo_is_a_page_and_a_fragment(page, make_photo):
    photo = make_photo(name="beach.jpg")
    whole, fragment = page(f"/photo/{photo.key}/"), page(f"/photo/{photo.key}/", **HTMX)
    assert b"<html" in whole.content
    assert b"beach.jpg" in whole.content
    assert folded(fragment).startswith('<article class="viewer"')
    assert "HX-Request" in fragment.headers["Vary"]
    assert " style=" not in whole.content.decode()


@pytest.mark.parametrize("displayable", [True, False])
def test_a_video_without_a_picture_asks_for_no_poster(page, make_photo, displayable):
    video = make_photo(kind="video", media_type="video/mp4", displayable=displayable, playable=True)
    assert ("poster=" in folded(page(f"/photo/{video.key}/"))) is displayable


def test_a_photo_that_cannot_be_shown_says_why(page, make_photo):
    photo = make_photo(displayable=False)
    assert "This file has no thumbnail yet." in folded(page(f"/photo/{photo.key}/"))
    StageRun.objects.create(photo=photo, stage="thumbnails", status="failed", error="The picture is damaged.")
    text = folded(page(f"/photo/{photo.key}/"))
    assert "The picture is damaged. Mirage keeps the original:" in text
    assert 'href="/attention/"' in text
    assert "has no thumbnail yet" not in text


def test_the_neighbours_are_those_of_the_list(page, make_photo):
    newer, shown, older = (
        make_photo(taken=datetime(2024, 5, day), favourite=favourite)
        for day, favourite in ((3, True), (2, True), (1, False))
    )
    text = folded(page(f"/photo/{shown.key}/"))
    assert f'rel="prev" href="/photo/{newer.key}/"' in text
    assert f'rel="next" href="/photo/{older.key}/"' in text
    text = folded(page(f"/photo/{shown.key}/?in=favourites"))
    assert f'rel="prev" href="/photo/{newer.key}/?in=favourites"' in text
    assert 'rel="next"' not in text
    assert f'data-back="/favourites/?photo={shown.key}#p-{shown.key}"' in text
    assert page(f"/photo/{shown.key}/?in=nothing").status_code == 404


def test_a_video_plays_the_original_or_what_was_made_of_it(page, make_photo):
    plays = make_photo(kind="video", media_type="video/mp4")
    converted = make_photo(kind="video", media_type="video/x-msvideo", playable=False)
    assert f'src="/media/{plays.key}/original"' in page(f"/photo/{plays.key}/").content.decode()
    text = page(f"/photo/{converted.key}/").content.decode()
    assert f'data-stream="/media/{converted.key}/stream/video.m3u8"' in text
    assert "video.mp4" not in text  # it is not made yet
    StageRun.objects.create(photo=converted, stage="playback", status="done")
    assert f'src="/media/{converted.key}/video.mp4"' in page(f"/photo/{converted.key}/").content.decode()


def test_the_browser_takes_the_original_of_a_video_if_it_can_play_it(page, make_photo):
    kind = 'video/mp4; codecs="hvc1.1.6.L93.90"'
    photo = make_photo(kind="video", media_type="video/quicktime", playable=False, browser_type=kind)
    StageRun.objects.create(photo=photo, stage="playback", status="done")
    text = page(f"/photo/{photo.key}/").content.decode()
    original = f'<source src="/media/{photo.key}/original" type="{escape(kind)}">'
    assert text.index(original) < text.index(f'<source src="/media/{photo.key}/video.mp4">')
    assert f' src="/media/{photo.key}/video.mp4"' not in text.split("<source")[0]


def test_the_original_is_offered_for_zooming_where_browsers_show_it(page, make_photo):
    jpeg, heic = make_photo(), make_photo(media_type="image/heic")
    moving = make_photo(media_type="image/gif", animated=True)
    assert f'data-original="/media/{jpeg.key}/original"' in page(f"/photo/{jpeg.key}/").content.decode()
    assert "data-original" not in page(f"/photo/{heic.key}/").content.decode()
    assert f'src="/media/{moving.key}/animated.webp"' in page(f"/photo/{moving.key}/").content.decode()


def test_the_actions_are_those_the_photo_can_have(page, make_photo):
    text = page(f"/photo/{make_photo(favourite=True, archived=True).key}/").content.decode()
    assert "/selection/unfavourite/" in text
    assert "/selection/unarchive/" in text
    assert "/selection/trash/" in text
    trashed = make_photo(trashed_at=datetime(2024, 6, 1, tzinfo=UTC))
    text = page(f"/photo/{trashed.key}/?in=trash").content.decode()
    assert "/selection/restore/" in text
    assert "/selection/delete/" in text
    assert "/selection/trash/" not in text


def test_the_panel_tells_what_is_known(page, make_photo):
    photo = make_photo(
        name="IMG_7.jpg", place="Lisbon", country="Portugal", latitude=38.7167, longitude=-9.1333, altitude=12.4,
        camera_make="Canon", camera_model="Canon EOS 40D", lens="EF 50mm", aperture=1.8, exposure=0.004, iso=200,
        focal_length=50, focal_length_35mm=80, metering_mode="Spot", flash=False,
        description="At the sea & <sun>", title="Holiday", width=4000, height=3000, size=2_500_000,
    )  # fmt: skip
    photo.set_taken(datetime(2024, 5, 1, 18, 30, 5), 60, "gps")
    photo.save()
    text = page(f"/photo/{photo.key}/info/", **HTMX).content.decode()
    for said in (
        *(
            "Wednesday, 1 May 2024",
            "18:30:05",
            "UTC+01:00",
            "from GPS",
            "Lisbon, Portugal",
            "38.71670, -9.13330",
            "12 m",
        ),
        *(
            "Canon EOS 40D",
            "EF 50mm",
            "ƒ/1.8",
            "1/250 s",
            "50 mm (80 mm equivalent)",
            "ISO 200",
            "Spot metering",
            "Flash did not fire",
            "IMG_7.jpg",
            "4000 × 3000",
            "12.0 MP",
        ),
        *("2.4", "JPEG", photo.path, "Holiday", "At the sea &amp; &lt;sun&gt;"),
    ):
        assert said in text, said
    assert text.strip().startswith("<aside")
    assert "Canon Canon" not in text


def test_the_panel_begins_with_people_albums_and_stars_and_ends_with_details(page, owner, make_photo):
    photo = make_photo(rating=3, camera_model="X-T5")
    anna = Person.objects.create(owner=owner, name="Anna")
    Face.objects.create(photo=photo, person=anna, assignment="confirmed", x=0, y=0, width=0.5, height=0.5)
    album = Album.objects.create(owner=owner, name="Holidays")
    album.items.create(photo=photo, position=1)
    text = page(f"/photo/{photo.key}/info/", **HTMX).content.decode()
    said = ("Anna", "Holidays", 'aria-label="3 stars"', "from the camera", "X-T5", "Details", photo.path)
    assert sorted(said, key=text.index) == list(said)
    assert f'href="/people/person/{anna.key}/"' in text
    assert f'href="{album.get_absolute_url()}"' in text


def test_albums_of_others_are_not_told(page, stranger, make_photo):
    photo = make_photo()
    Album.objects.create(owner=stranger, name="Secret").items.create(photo=photo, position=1)
    assert "Secret" not in page(f"/photo/{photo.key}/info/", **HTMX).content.decode()


def test_a_press_on_the_stars_of_a_photo_takes_them_away(page, make_photo):
    text = folded(page(f"/photo/{make_photo(rating=3).key}/info/", **HTMX))
    assert 'class="star on" name="value" value="2" data-shortcut="2" aria-pressed="false"' in text
    assert 'class="star on" name="value" value="" data-shortcut="3" aria-pressed="true"' in text
    assert 'class="star" name="value" value="4"' in text


def test_sharing_and_albums_are_within_the_viewer(page, make_photo):
    photo = make_photo()
    text = folded(page(f"/photo/{photo.key}/"))
    for address in ("/albums/links/", "/albums/choose/"):
        assert f'hx-post="{address}"' in text
    trashed = make_photo(trashed_at=datetime(2024, 6, 1, tzinfo=UTC))
    assert 'hx-post="/albums/choose/"' not in folded(page(f"/photo/{trashed.key}/?in=trash"))


def test_without_javascript_the_panel_is_a_page(page, make_photo):
    text = page(f"/photo/{make_photo().key}/info/").content.decode()
    assert "<html" in text
    assert 'class="viewer with-info"' in text


def test_reading_changes_nothing(client, owner, make_photo):
    client.force_login(owner)
    assert client.post(f"/photo/{make_photo().key}/").status_code == 405
