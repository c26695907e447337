"""The pages of sharing: an album with others, a library with a partner, and the overview."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client

from accounts.models import Activity, SecurityEvent, User
from albums import sharing
from albums.models import Album, AlbumItem, Role, Share
from albums.public import links
from albums.public.links import Terms
from photos.models import Photo

Maker = Callable[..., Photo]
MakeAlbum = Callable[..., Album]
Give = Callable[..., Share]
HTMX = {"HX-Request": "true"}
PAGE = "/albums/sharing/"


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


SignIn = Callable[[User], Client]


def url(album: Album, page: str) -> str:
    return f"/albums/album/{album.key}/{page}/"


def shares() -> list[tuple[str, str]]:
    return list(Share.objects.order_by("user__username").values_list("user__username", "role"))


def logged() -> list[str]:
    return list(SecurityEvent.objects.filter(verb__contains="share").order_by("pk").values_list("verb", flat=True))


# --- an album ---------------------------------------------------------------------------------------------------------


def test_an_album_is_shared_the_role_changed_and_the_share_ended(
    sign_in: SignIn, owner: User, viewer: User, make_album: MakeAlbum
) -> None:
    album, client = make_album("Lisbon"), sign_in(owner)
    answer = client.post(url(album, "share"), {"user": "vera", "role": "viewer"}, headers=HTMX)
    assert ("Shared with vera" in answer.text, answer.headers["HX-Trigger"]) == (True, '{"albums:changed": {}}')
    assert shares() == [("vera", "viewer")]
    client.post(url(album, "share"), {"user": "vera", "role": "co-owner"})
    assert shares() == [("vera", "co-owner")]
    gone = client.post(url(album, "share"), {"user": "vera", "stop": "yes"})
    assert (gone.url, shares()) == (url(album, "sharing"), [])  # type: ignore[attr-defined]
    assert logged() == ["shared", "shared", "ended a share"]
    assert Activity.objects.filter(owner=owner, verb="albums.unshared").count() == 1


def test_an_old_page_does_not_change_a_role_that_was_given_meanwhile(
    sign_in: SignIn, owner: User, viewer: User, make_album: MakeAlbum
) -> None:
    """As a viewer, the user would lose the photos that they added as a contributor."""
    album = make_album()
    client = sign_in(owner)
    page = client.get(url(album, "sharing")).text
    assert '<input type="hidden" name="before-role" value="">' in page
    sharing.share_album(album, viewer, "contributor", owner)
    stale = {"user": "vera", "role": "viewer", "before-role": ""}
    answer = client.post(url(album, "share"), stale, headers=HTMX)
    assert (answer.status_code, "changed elsewhere" in answer.text) == (422, True)
    assert shares() == [("vera", "contributor")]
    assert 'name="before-role" value="contributor"' in client.get(url(album, "sharing")).text
    client.post(url(album, "share"), stale | {"before-role": "contributor"}, headers=HTMX)
    assert shares() == [("vera", "viewer")]


@pytest.mark.parametrize("role", ["owner", "", "emperor"])
def test_only_some_roles_can_be_given(
    sign_in: SignIn, owner: User, viewer: User, make_album: MakeAlbum, role: str
) -> None:
    answer = sign_in(owner).post(url(make_album(), "share"), {"user": "vera", "role": role}, headers=HTMX)
    assert (answer.status_code, "no such role" in answer.text) == (422, True)
    assert (shares(), logged()) == ([], [])


def test_sharing_needs_another_user(sign_in: SignIn, owner: User, make_album: MakeAlbum) -> None:
    album, client = make_album(), sign_in(owner)
    answer = client.post(url(album, "share"), {"user": "anna", "role": "viewer"}, headers=HTMX)
    assert (answer.status_code, "already yours" in answer.text) == (422, True)
    assert client.post(url(album, "share"), {"user": "who", "role": "viewer"}).status_code == 404
    assert client.post(url(album, "share"), {"role": "viewer"}).status_code == 404


def test_only_the_owner_shares_an_album(
    sign_in: SignIn, viewer: User, stranger: User, make_album: MakeAlbum, share: Give
) -> None:
    album = make_album()
    share(viewer, album, Role.CO_OWNER)
    for user in (viewer, stranger):
        client = sign_in(user)
        assert client.get(url(album, "sharing")).status_code == 404
        assert client.post(url(album, "share"), {"user": "mallory", "role": "viewer"}).status_code == 404
    assert shares() == [("vera", "co-owner")]


def test_the_page_of_an_album_lists_its_shares_and_other_users(
    sign_in: SignIn, owner: User, viewer: User, stranger: User, make_album: MakeAlbum, share: Give
) -> None:
    album, other = make_album("Lisbon"), make_album("Porto")
    share(viewer, album, Role.CONTRIBUTOR)
    for shown, name in ((album, "For Vera"), (other, "For others")):
        links.make(owner, Terms(name=name), album=shown)
    revoked = links.make(owner, Terms(name="Closed"), album=album)
    links.revoke(revoked)
    page = sign_in(owner).get(url(album, "sharing"))
    assert [each.user for each in page.context["shares"]] == [viewer]
    assert page.context["others"] == [stranger]
    assert [row["link"].name for row in page.context["links"]] == ["For Vera"]
    assert "<html" in page.text
    assert "<html" not in sign_in(owner).get(url(album, "sharing"), headers=HTMX).text


def test_a_folder_has_no_links(sign_in: SignIn, owner: User, make_album: MakeAlbum) -> None:
    client = sign_in(owner)
    assert "people without an account" in client.get(url(make_album(), "sharing")).text
    assert "people without an account" not in client.get(url(make_album(kind="folder"), "sharing")).text


def test_somebody_who_leaves_takes_their_photos_along(
    sign_in: SignIn, viewer: User, make_photo: Maker, make_album: MakeAlbum, share: Give
) -> None:
    ours, theirs = make_photo(), make_photo(owner=viewer)
    album = make_album("Lisbon", [ours, theirs])
    share(viewer, album, Role.CONTRIBUTOR)
    client = sign_in(viewer)
    answer = client.post(url(album, "leave"), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/albums/")
    assert [item.photo for item in AlbumItem.objects.filter(album=album)] == [ours]
    assert "left Lisbon" in client.get("/albums/").text
    assert client.post(url(album, "leave")).status_code == 404


def test_a_contributor_who_becomes_a_viewer_takes_their_photos_along(
    sign_in: SignIn, owner: User, viewer: User, make_photo: Maker, make_album: MakeAlbum, share: Give
) -> None:
    folder = make_album("Trips", kind="folder")
    ours, theirs = make_photo(), make_photo(owner=viewer)
    album = make_album("Lisbon", [ours, theirs], parent=make_album("2024", kind="folder", parent=folder))
    share(viewer, folder, Role.CONTRIBUTOR)
    sign_in(owner).post(url(folder, "share"), {"user": "vera", "role": "viewer"})
    assert [item.photo for item in AlbumItem.objects.filter(album=album)] == [ours]


# --- a library --------------------------------------------------------------------------------------------------------


def test_a_library_is_shared_with_a_partner_and_the_share_ended(sign_in: SignIn, owner: User, viewer: User) -> None:
    client = sign_in(owner)
    answer = client.post("/albums/sharing/partner/", {"user": "vera"}, headers=HTMX)
    assert "vera now sees your library" in answer.text
    client.post("/albums/sharing/partner/", {"user": "vera"})
    assert [(each.owner, each.user, each.album) for each in Share.objects.all()] == [(owner, viewer, None)]
    assert "vera" in client.get(PAGE).text
    client.post("/albums/sharing/partner/", {"user": "vera", "stop": "yes"})
    assert not Share.objects.exists()
    told = Activity.objects.order_by("pk").values_list("verb", "target_id")
    assert list(told)[-1] == ("albums.library unshared", viewer.pk)


def test_sharing_a_library_needs_another_user(sign_in: SignIn, owner: User) -> None:
    client = sign_in(owner)
    answer = client.post("/albums/sharing/partner/", {"user": "anna"}, headers=HTMX)
    assert (answer.status_code, "already yours" in answer.text) == (422, True)
    assert client.post("/albums/sharing/partner/", {"user": "who"}).status_code == 404
    assert not Share.objects.exists()


def test_a_partners_photos_are_taken_off_the_timeline_and_put_back(
    sign_in: SignIn, owner: User, viewer: User, share: Give
) -> None:
    given, other = share(viewer), Share.objects.create(owner=viewer, user=owner)
    client = sign_in(viewer)
    for shown, words in (("", "on their own"), ("yes", "among your photos")):
        answer = client.post("/albums/sharing/timeline/", {"user": "anna", "shown": shown}, headers=HTMX)
        given.refresh_from_db()
        assert (words in answer.text, given.on_timeline) == (True, bool(shown))
    other.refresh_from_db()
    assert other.on_timeline
    assert client.post("/albums/sharing/timeline/", {"user": "who"}).status_code == 404


# --- at a glance ------------------------------------------------------------------------------------------------------


def test_the_overview_shows_everything_shared(
    sign_in: SignIn, owner: User, viewer: User, stranger: User, make_album: MakeAlbum, share: Give
) -> None:
    album, deleted = make_album("Lisbon"), make_album("Porto")
    for each in (album, deleted):
        share(viewer, each)
    Album.everything.filter(pk=deleted.pk).update(deleted_at=album.created_at)
    share(stranger)
    Share.objects.create(owner=viewer, user=owner)
    page = sign_in(owner).get(PAGE)
    assert [each.album for each in page.context["albums"]] == [album]
    assert [each.user for each in page.context["partners"]] == [stranger]
    assert [each.owner for each in page.context["received"]] == [viewer]
    theirs = sign_in(stranger).get(PAGE)
    assert (theirs.context["albums"], theirs.context["partners"], theirs.context["links"]) == ([], [], [])
    assert [each.owner for each in theirs.context["received"]] == [owner]


def test_a_single_user_is_told_that_nobody_else_is_there(sign_in: SignIn, owner: User) -> None:
    text = sign_in(owner).get(PAGE).text
    assert "Nobody else has an account" in text
    assert "No links yet" in text


def test_the_anonymous_are_sent_to_sign_in(client: Client, make_album: MakeAlbum) -> None:
    for answer in (client.get(PAGE), client.get(url(make_album(), "sharing")), client.post("/albums/sharing/partner/")):
        assert answer.url.startswith("/accounts/login/")  # type: ignore[attr-defined]


def test_sharing_is_a_dialog_over_the_album(client, owner, make_album):
    client.force_login(owner)
    album = make_album("Sintra")
    page = f"/albums/album/{album.key}/sharing/"
    dialog = client.get(f"{page}?dialog", headers=HTMX).content.decode()
    assert "<dialog" in dialog
    assert "Share Sintra" in dialog
    assert f'hx-get="{page}?inside"' in dialog  # it refreshes what is inside, not itself
    assert "<dialog" not in client.get(f"{page}?inside", headers=HTMX).content.decode()
    assert "<dialog" not in client.get(page).content.decode().split('id="album-sharing"')[1].split("</main>")[0]


def test_a_link_is_made_on_the_spot(client, owner, stranger, make_album):
    album = make_album("Sintra")
    make = f"/albums/album/{album.key}/link/"
    assert client.post(make).status_code == 302
    client.force_login(stranger)
    assert client.post(make).status_code == 404
    client.force_login(owner)
    terms = {"password": "rosebud", "expires": "2099-05-01", "allow_download": "yes", "show_metadata": "yes"}
    answer = client.post(make, terms, headers=HTMX).content.decode()
    link = album.links.get()
    assert (check_password("rosebud", link.password), link.expires_at.year, link.allow_download) == (True, 2099, True)
    assert f'data-copy="http://testserver/s/{links.token_of(link)}/"' in answer
    assert "with a password" in answer
    assert "<html" not in answer
    assert "<html" in client.post(make).content.decode()
    assert album.links.count() == 2


def test_a_link_that_would_be_over_is_refused_in_words(client, owner, make_album):
    client.force_login(owner)
    album = make_album("Sintra")
    answer = client.post(f"/albums/album/{album.key}/link/", {"expires": "2001-01-01"}, headers=HTMX)
    assert answer.status_code == 422
    assert "already over" in answer.content.decode()
    assert not album.links.exists()
    folder = make_album("Portugal", kind="folder")
    assert client.post(f"/albums/album/{folder.key}/link/").status_code == 404
