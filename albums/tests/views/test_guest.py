"""What guests see of a public link: its page, its photos and files, and what they may add."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from PIL import Image

from albums.models import AlbumItem, ShareLink
from albums.public import links
from albums.public.links import Terms
from photos.models import Photo
from photos.storage import paths


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def pictured(make_photo):
    """A photo with files whose EXIF names a place and a camera."""

    def make(**fields):
        photo = make_photo(place="Lisbon", latitude=38.7, longitude=-9.1, title="Grandmother", **fields)
        folder = paths.derived_folder(photo.sha256)
        folder.mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGB", (40, 30), "teal")
        for size in ("small", "medium", "large"):
            picture.save(folder / f"{size}.webp")
        exif = Image.Exif()
        exif[0x010F], exif[0x0112] = "Secretcam", 6
        original = paths.original_path(photo)
        original.parent.mkdir(parents=True, exist_ok=True)
        picture.save(original, "JPEG", exif=exif)
        Photo.objects.filter(pk=photo.pk).update(orientation=6)
        return photo

    return make


@pytest.fixture
def open_link(owner, pictured, make_album):
    """`open_link(password="x")`: a link to an album of one photo, and its address."""

    def make(**terms):
        album = make_album("Lisbon", [pictured()])
        link = links.make(owner, Terms(**terms), album=album)
        return link, f"/s/{links.token_of(link)}/"

    return make


def text(client, address):
    response = client.get(address)
    return response.status_code, response.content.decode()


def test_the_address_opens_without_an_account_and_counts_once_for_each_browser(client, open_link):
    link, address = open_link()
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 200
    link.refresh_from_db()
    assert (link.views, link.last_used_at is not None) == (2, True)


@pytest.mark.parametrize("told", [True, False])
def test_guests_play_what_the_link_shows_and_no_more(client, open_link, told):
    link, address = open_link(show_metadata=told, show_place=told)
    client.get(address)
    response = client.get(f"{address}play/", headers={"HX-Request": "true"})
    page, key = response.content.decode(), link.album.items.get().photo.key
    assert f'data-key="{key}"' in page
    assert set(re.findall(r'(?:src|poster|data-open|href)="(/[^"]*)', page)) <= set(
        re.findall(rf'"({re.escape(address)}[^"]*)"', page)
    ) | set(re.findall(r"/static/[^\"]*", page))
    for word in ("Lisbon · ", "Grandmother", "1 May 2024"):
        assert not (word in page and not told)
    assert ("1 May 2024 · Lisbon" in page) is told
    assert client.get(f"{address}play/")["Location"] == address


def test_a_locked_link_plays_nothing(client, open_link):
    _, address = open_link(password="rosebud")
    assert client.get(f"{address}play/", headers={"HX-Request": "true"}).status_code == 404


def test_the_grid_requests_nothing_outside_the_link(client, open_link):
    link, address = open_link(show_metadata=False)
    _, page = text(client, address)
    (grid,) = re.findall(r'<div[^>]*\sid="grid"[^>]*>', page)
    assert re.findall(r'data-[\w-]*url="([^"]*)"', grid) == [address, f"{address}keys/"]
    key = link.album.items.get().photo.key
    _, viewer = text(client, f"{address}photo/{key}/")
    assert f'data-url="{address}photo/{key}/"' in viewer
    assert link.album.items.get().photo.original_name not in viewer


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(1)}])
def test_a_closed_link_shows_nothing_at_once(client, open_link, change):
    link, address = open_link()
    photo = link.album.items.get().photo
    assert client.get(address).status_code == 200
    assert client.get(f"{address}media/{photo.key}/small.webp").status_code == 200
    ShareLink.objects.filter(pk=link.pk).update(**change)
    status, page = text(client, address)
    assert (status, "Lisbon" in page, "does not work" in page) == (404, False, True)
    for part in (f"media/{photo.key}/small.webp", f"photo/{photo.key}/", "download/", f"media/{photo.key}/original"):
        assert client.get(address + part).status_code == 404


def test_a_password_keeps_everything_behind_it(client, open_link):
    link, address = open_link(password="rosebud", show_place=True, name="Our holiday")
    photo = link.album.items.get().photo
    status, page = text(client, address)
    assert status == 200
    for word in ("Our holiday", "Lisbon", "Grandmother", "og:image", photo.key):
        assert word not in page
    assert client.get(f"{address}media/{photo.key}/small.webp").status_code == 404
    assert client.post(f"{address}open/", {"password": "wrong"}).status_code == 403
    assert client.post(f"{address}open/", {"password": "rosebud"}).status_code == 302
    status, page = text(client, address)
    assert "Our holiday" in page
    assert "og:image" not in page
    links.set_terms(link, Terms(password="another"))
    assert photo.key not in text(client, address)[1]  # a new password shuts out who had the old one


def test_a_photos_address_asks_for_the_password_and_then_shows_the_photo(client, open_link):
    link, address = open_link(password="rosebud", show_place=True)
    key = link.album.items.get().photo.key
    status, page = text(client, f"{address}photo/{key}/")
    assert (status, 'type="password"' in page, "Lisbon" in page) == (200, True, False)
    assert f'<input type="hidden" name="photo" value="{key}">' in page
    wrong = client.post(f"{address}open/", {"password": "wrong", "photo": key})
    assert f'name="photo" value="{key}"' in wrong.content.decode()  # it is not forgotten
    opened = client.post(f"{address}open/", {"password": "rosebud", "photo": key})
    assert (opened.status_code, opened.headers["Location"]) == (302, f"{address}photo/{key}/")
    assert "Lisbon" in text(client, opened.headers["Location"])[1]


@pytest.mark.parametrize("key", ["made-up", "../../..", "https://elsewhere.example/", ""])
def test_what_is_no_photo_of_the_link_leads_to_its_page(client, open_link, key):
    _, address = open_link(password="rosebud")
    opened = client.post(f"{address}open/", {"password": "rosebud", "photo": key})
    assert (opened.status_code, opened.headers["Location"]) == (302, address)


def test_a_locked_photo_asked_for_by_a_page_that_is_open_leads_to_the_form(client, open_link):
    link, address = open_link(password="rosebud")
    there = f"{address}photo/{link.album.items.get().photo.key}/"
    answer = client.get(there, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.content) == (401, there, b"")


def test_a_photo_of_a_closed_link_says_that_the_link_is_closed(client, open_link):
    link, address = open_link(expires_at=timezone.now() - timedelta(1))
    status, page = text(client, f"{address}photo/{link.album.items.get().photo.key}/")
    assert (status, "This link does not work" in page) == (404, True)
    _, address = open_link()
    status, page = text(client, f"{address}photo/made-up/")
    assert (status, "This link does not work" in page, "Nothing is here" in page) == (404, False, True)


def test_guessing_passwords_is_slowed_down(client, open_link):
    _, address = open_link(password="rosebud")
    for _ in range(6):
        client.post(f"{address}open/", {"password": "wrong"})
    assert client.post(f"{address}open/", {"password": "rosebud"}).status_code == 429


def test_visits_are_limited_and_previews_do_not_count(client, open_link):
    link, address = open_link(view_limit=1)
    photo = link.album.items.get().photo
    for _ in range(3):  # a messenger looks at it
        assert "Lisbon" not in text(Client(), address)[1]
    assert client.post(f"{address}open/").status_code == 302
    assert "Lisbon" in text(client, address)[1]
    response = client.get(f"{address}media/{photo.key}/small.webp")
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-cache")
    other = Client()
    assert other.get(address).status_code == 404
    assert other.post(f"{address}open/").status_code == 404
    assert "Lisbon" in text(client, address)[1]  # who is in stays in


def test_a_preview_shows_what_an_open_link_shows(client, open_link):
    _, address = open_link(name="Our holiday")
    page = text(client, address)[1]
    assert '<meta property="og:title" content="Our holiday" >' in " ".join(page.split())
    assert 'property="og:image" content="http://testserver/s/' in page
    response = client.get(address)
    assert response.headers["X-Robots-Tag"].startswith("noindex")
    # Not "no-referrer": browsers would then send the form of the password with the origin "null", which is refused.
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-referrer" not in response.content.decode()


def test_places_are_hidden_unless_shown(client, open_link):
    for shown in (False, True):
        link, address = open_link(show_place=shown)
        key = link.album.items.get().photo.key
        pages = "".join(text(client, address + part)[1] for part in ("", f"photo/{key}/"))
        assert ("38.7" in pages or "Lisbon<" in pages.replace("<h1>Lisbon</h1>", "")) is shown
        assert "Grandmother" in pages
        assert "anna/2024" not in pages  # where the file lies


def test_all_metadata_is_hidden(client, open_link):
    link, address = open_link(show_metadata=False, name="Ours")
    photo = link.album.items.get().photo
    pages = "".join(text(client, address + part)[1] for part in ("", f"photo/{photo.key}/"))
    for word in (
        "Grandmother",
        photo.path,
        "2024",
        "May",
        photo.original_name,
        "17145",
    ):  # the last begins the time's microseconds
        assert word not in pages


def test_downloads_need_permission(client, open_link):
    link, address = open_link(allow_download=False)
    key = link.album.items.get().photo.key
    for part in (f"media/{key}/original", f"media/{key}/download", "download/"):
        assert client.get(address + part).status_code == 404
    assert "Download" not in text(client, address)[1]
    assert client.get(f"{address}media/{key}/large.webp").status_code == 200


def test_originals_are_sent_with_or_without_metadata(client, open_link):
    for shown in (True, False):
        link, address = open_link(show_place=shown)
        key = link.album.items.get().photo.key
        response = client.get(f"{address}media/{key}/download")
        file = b"".join(response.streaming_content)
        assert (b"Secretcam" in file) is shown
        with Image.open(io.BytesIO(file)) as picture:
            assert picture.getexif()[0x0112] == 6  # it still stands upright
        archive = b"".join(client.get(f"{address}download/").streaming_content)
        with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
            assert (b"Secretcam" in zipped.read(zipped.namelist()[0])) is shown


def test_a_selection_shows_its_photos_and_a_search_its_current_results(client, owner, pictured, make_photo):
    chosen, other = pictured(), make_photo(title="Other")
    link = links.make(owner, Terms(), keys=[chosen.key])
    page = text(client, f"/s/{links.token_of(link)}/")[1]
    assert chosen.key in page
    assert other.key not in page
    link = links.make(owner, Terms(), query="Grandmother")
    page = text(client, f"/s/{links.token_of(link)}/")[1]
    assert (chosen.key in page, other.key in page) == (True, False)
    chosen.trashed_at = timezone.now()
    chosen.save()
    assert chosen.key not in text(client, f"/s/{links.token_of(link)}/")[1]


def put(client, address, name, data):
    return client.put(f"{address}upload/?name={name}", data, content_type="application/octet-stream")


def jpeg(colour):
    file = io.BytesIO()
    Image.new("RGB", (50, 40), colour).save(file, "JPEG")
    return file.getvalue()


def test_guests_add_files_within_the_limit(client, owner, open_link):
    data = jpeg("red")
    link, address = open_link(allow_upload=True, upload_limit_bytes=2 * len(data))
    assert put(client, address, "guest.jpg", data).status_code == 201
    added = Photo.objects.get(original_name="guest.jpg")
    assert (added.owner, AlbumItem.objects.filter(album=link.album, photo=added).exists()) == (owner, True)
    assert put(client, address, "page.html", b"<script>").status_code == 422
    assert put(client, address, "second.jpg", jpeg("blue")).status_code == 201
    assert put(client, address, "third.jpg", jpeg("green")).status_code == 413
    link.refresh_from_db()
    assert link.uploaded_bytes <= 2 * len(data)


def test_a_link_without_uploads_refuses_files(client, open_link):
    _, address = open_link()
    assert put(client, address, "guest.jpg", jpeg("red")).status_code == 404
