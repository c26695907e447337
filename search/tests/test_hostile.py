"""Whatever is typed, the page, its counts, the proposals and the API respond, with results or a refusal."""

from collections.abc import Callable
from urllib.parse import quote

import hypothesis
import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import strategies

from accounts.models import User
from accounts.security import tokens
from albums.models import Album
from photos.models import Photo
from search.language.keys import KEYS
from search.results.timeline import key_of

LONGEST = 2_000
SIGNS = strategies.text(max_size=12)
KEY = strategies.sampled_from([name for key in KEYS.values() for name in (key.name, *key.aliases)])
VALUE = strategies.one_of(
    SIGNS,
    strategies.sampled_from(["1", ">2", "<=3..", "1e999", "9" * 400, "2023-02-30", "summer 0", "..", "99999-01-01"]),
    strategies.sampled_from(["90,180", "nan,inf", "-90,-180 20000km", "Paris 5km", "monday", "raw", "trashed", '"']),
    strategies.sampled_from([choice for key in KEYS.values() for choice in key.choices]),
)
TERM = strategies.builds("{}:{}{}".format, KEY, VALUE, strategies.sampled_from(["", ",", ",b", " all", " alone"]))
PIECE = strategies.one_of(
    TERM,
    SIGNS,
    strategies.sampled_from(["(", ")", "-", "OR", "AND", "NOT", '"', "“", "”", ",", ":", "\\", "*", "^", "{", "NEAR("]),
    strategies.sampled_from(["a", "東京", "dog", "ﷺ", "🎉", "\x00", "'", "&", "|", "!", "<->", ";--"]),
)
TEXT = strategies.builds(
    lambda pieces, join, times: (join.join(pieces) * times)[: LONGEST + 1],
    strategies.lists(PIECE, min_size=1, max_size=40),
    strategies.sampled_from([" ", "", " OR ", " -", "("]),
    strategies.sampled_from([1, 1, 1, 30, 900]),
)
LONG = ("a " * 999, "a b c " * 333, "(" * 2000, "-" * 2000, "a OR " * 399 + "a", "iso:" + "1," * 990 + "1", "東" * 2000,
        "a" * 2000, '"' * 1999, "person:" + "a," * 990 + "a", "-(" * 18 + "a" + ")" * 18,
        "ab OR -(" * 30 + "a" + ")" * 30)  # fmt: skip


@pytest.fixture
def answers(owner: User, make_photo: Callable[..., Photo]) -> Callable[[str], list[int]]:
    """The statuses of all addresses that take a search."""
    make_photo(title="a dog")
    browser = Client()
    browser.force_login(owner)
    _, secret = tokens.issue(owner, "test", ["read", "edit"])
    program = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(text: str) -> list[int]:
        asked = quote(text)
        pages = [f"/search/?q={asked}", f"/search/narrow/?q={asked}", f"/search/complete/?q={asked}&at=7"]
        found = [browser.get(page).status_code for page in pages]
        found.append(program.get(f"/api/v1/photos?query={asked}").status_code)
        return found

    return ask


@pytest.mark.django_db
def test_no_input_is_a_server_error(answers: Callable[[str], list[int]]) -> None:
    @hypothesis.settings(
        max_examples=80,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(text=TEXT)
    def ask(text: str) -> None:
        assert max(answers(text)) < 500

    ask()


@pytest.mark.django_db
@pytest.mark.parametrize("text", LONG, ids=lambda text: f"{text[:6]}…")
def test_the_longest_searches_are_answered(answers: Callable[[str], list[int]], text: str) -> None:
    page, _, typing, api = answers(text)
    assert (page, typing) == (200, 200)
    assert api in (200, 422)


@pytest.mark.django_db
def test_a_search_that_takes_too_long_is_refused(
    client: Client, owner: User, make_photo: Callable[..., Photo], settings: LazySettings
) -> None:
    make_photo(title="a dog")
    album = Album.objects.create(owner=owner, name="Dogs", kind=Album.Kind.SMART, query="dog")
    client.force_login(owner)
    _, secret = tokens.issue(owner, "test", ["read"])
    settings.MIRAGE_SEARCH_SECONDS = 0
    page = client.get("/search/", {"q": "dog"})
    assert page.status_code == 200
    assert "This search takes too long." in page.content.decode()
    assert "Too many results to count" in client.get("/search/narrow/", {"q": "dog"}).content.decode()
    assert client.get("/search/complete/", {"q": "do"}).status_code == 200
    shown = client.get(album.get_absolute_url())
    assert (shown.status_code, "This search takes too long." in shown.content.decode()) == (200, True)
    assert client.get(f"{album.get_absolute_url()}head/").status_code == 200
    for address in ("/api/v1/photos?query=dog", f"/api/v1/photos?list=album.{album.key}"):
        answer = client.get(address, headers={"Authorization": f"Bearer {secret}"})
        assert (answer.status_code, answer.json()["detail"][:27]) == (422, "This search takes too long.")


@pytest.mark.django_db
def test_the_viewer_of_a_search_that_takes_too_long_says_so(
    client: Client, owner: User, make_photo: Callable[..., Photo], settings: LazySettings
) -> None:
    photo = make_photo(title="a dog")
    client.force_login(owner)
    settings.MIRAGE_SEARCH_SECONDS = 0
    answer = client.get(f"/photo/{photo.key}/?in=search.{key_of('dog')}")
    assert answer.status_code == 422
    assert "takes too long" in answer.content.decode()
