"""The pages of the gallery's lists."""

from datetime import UTC, datetime, timedelta

import pytest

from mirage.testing.html import folded
from photos.gallery.lists import LISTINGS
from photos.gallery.pages import KEYS_LIMIT

HTMX = {"HX-Request": "true"}
ADDRESSES = {name: "/" if name == "timeline" else f"/{name}/" for name in LISTINGS}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address, **headers: client.get(address, headers=headers)


@pytest.mark.parametrize("address", [*ADDRESSES.values(), "/months/", "/keys/?day=2024-05-01"])
def test_the_anonymous_are_sent_to_sign_in(db, client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_a_stranger_sees_nothing_of_the_owner(client, stranger, make_photo, address):
    shown = {"favourite": True, "archived": address == "/archive/", "kind": "video"}
    photo = make_photo(**shown, trashed_at=datetime(2024, 6, 1, tzinfo=UTC) if address == "/trash/" else None)
    client.force_login(stranger)
    assert photo.key not in client.get(address).content.decode()
    client.force_login(photo.owner)
    assert photo.key in client.get(address).content.decode()


@pytest.mark.parametrize("address", ADDRESSES.values())
def test_an_empty_library_says_what_to_do(page, address):
    text = page(address).content.decode()
    assert "Where are your photos?" in text or "The trash is empty" in text
    assert "import_folder" not in text


@pytest.mark.parametrize(
    ("address", "hint"), [("/favourites/", "No favourites yet"), ("/videos/", "No videos"), ("/archive/", "archive")]
)
def test_an_empty_list_says_how_to_fill_it(page, make_photo, address, hint):
    make_photo()
    assert hint in page(address).content.decode()


def test_photos_without_thumbnails_are_announced(page, make_photo):
    make_photo(displayable=False)
    assert "1 photo being prepared" in page("/").content.decode()


def test_the_page_is_whole_and_the_fragment_is_not(page, make_photo):
    make_photo()
    whole, fragment = page("/"), page("/", **HTMX)
    assert b"<html" in whole.content
    assert b"<html" not in fragment.content
    assert folded(fragment).startswith('<div class="grid" id="grid"')
    assert "HX-Request" in whole.headers["Vary"]


def test_a_tile_has_its_shape_and_placeholder_and_no_inline_style(page, make_photo):
    photo = make_photo(width=3000, height=2000, thumbhash=b"\x01\x02\x03", kind="video", duration=62.4, place="Porto")
    text = page("/").content.decode()
    assert f'id="p-{photo.key}"' in text
    assert "tile r16" in text  # 1.025 ** 16 is 1.48
    assert 'data-hash="AQID"' in text
    assert "1:02" in text
    assert "Porto" in text
    assert " style=" not in text
    assert "<style" not in text


def test_the_list_goes_on_in_both_directions(page, make_photo, monkeypatch):
    monkeypatch.setattr("photos.gallery.timeline.PAGE_SIZE", 2)
    made = [make_photo(taken=datetime(2024, 5, 1) - timedelta(days=number)) for number in range(5)]
    first = page("/").content.decode()
    assert made[1].key in first
    assert made[2].key not in first
    older = first.split('hx-get="?before=')[1].split('"')[0]
    below = page(f"/?before={older}", **HTMX).content.decode()
    assert made[2].key in below
    assert made[0].key not in below
    assert "?before=" in below
    assert "?after=" not in below
    start = below.split('data-start="')[1].split('"')[0]
    above = page(f"/?after={start}", **HTMX).content.decode()
    assert made[0].key in above
    assert "?after=" not in above
    assert b"?after=" in page(f"/?before={older}").content  # a page of its own links both ways


def test_a_month_a_day_and_a_photo_can_be_jumped_to(page, make_photo):
    march, may = make_photo(taken=datetime(2024, 3, 5)), make_photo(taken=datetime(2024, 5, 5))
    for query in ("at=2024-03", "at=2024-03-05", f"photo={march.key}"):
        text = page(f"/?{query}").content.decode()
        assert march.key in text
        assert may.key not in text


@pytest.mark.parametrize(
    "query", ["before=x", "after=1", "at=2024-13", "at=nothing", "photo=nothing", "at=9999-12", "before=1.2.3"]
)
def test_places_that_do_not_exist_are_404(page, make_photo, query):
    make_photo()
    assert page(f"/?{query}").status_code == 404


def test_around_a_strangers_photo_is_404(page, stranger, make_photo):
    assert page(f"/?photo={make_photo(owner=stranger).key}").status_code == 404


def test_a_tile_links_to_its_photo_in_the_list(page, make_photo):
    photo = make_photo(favourite=True)
    assert f'href="/photo/{photo.key}/"' in page("/").content.decode()
    assert f'href="/photo/{photo.key}/?in=favourites"' in page("/favourites/").content.decode()


def test_months_are_links_with_counts(page, make_photo):
    for month in (1, 1, 3):
        make_photo(taken=datetime(2024, month, 2))
    whole, fragment = folded(page("/months/")), folded(page("/months/", **HTMX))
    assert "<html" in whole
    assert "<html" not in fragment
    assert 'href="/?at=2024-01" data-month="2024-01" data-count="2"' in fragment
    assert fragment.index("2024-03") < fragment.index("2024-01")
    assert page("/months/?in=nothing").status_code == 404


def test_keys_of_a_day_and_between_two_photos(page, stranger, make_photo):
    made = [make_photo(taken=datetime(2024, 5, day)) for day in (3, 2, 1)]
    foreign = make_photo(owner=stranger, taken=datetime(2024, 5, 2))
    assert page("/keys/?day=2024-05-02").json() == {"keys": [made[1].key]}
    between = page(f"/keys/?from={made[2].key}&to={made[0].key}").json()
    assert between == {"keys": [photo.key for photo in made]}
    for query in ("day=x", f"from={made[0].key}&to={foreign.key}", "", f"from={made[0].key}"):
        assert page(f"/keys/?{query}").status_code == 404
    assert KEYS_LIMIT >= 10_000


def test_only_reading_is_allowed(client, owner):
    client.force_login(owner)
    for address in ("/", "/months/", "/keys/"):
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("name", LISTINGS)
def test_twice_the_photos_take_no_more_queries(page, make_photo, django_assert_max_num_queries, name):
    trashed = datetime(2024, 6, 1, tzinfo=UTC) if name == "trash" else None
    shown = {"favourite": True, "kind": "video", "trashed_at": trashed, "archived": name == "archive"}
    for _ in range(2):
        for _ in range(10):
            make_photo(**shown)
        with django_assert_max_num_queries(
            9
        ):  # session, user, partners, page, memories, and what the rail counts and has pinned
            page(ADDRESSES[name])


def test_the_trash_says_how_long_photos_stay(page, make_photo, settings):
    settings.MIRAGE_TRASH_DAYS = 12
    assert "12 days" in page("/trash/").content.decode()
    make_photo(trashed_at=datetime(2024, 6, 1, tzinfo=UTC))
    assert "Photos stay here for 12 days" in page("/trash/").content.decode()
