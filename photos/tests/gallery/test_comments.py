"""Comments: who may say, change and remove them."""

import pytest

from accounts.models import Activity, User
from albums.models import Album, AlbumItem, Share
from photos.models import Comment

HTMX = {"HX-Request": "true"}


@pytest.fixture
def photo(make_photo):
    return make_photo()


@pytest.fixture
def viewer(owner, photo):
    """Somebody who sees the photo in a shared album."""
    user = User.objects.create_user("vera")
    album = Album.objects.create(owner=owner, name="Lisbon")
    AlbumItem.objects.create(album=album, photo=photo, position=1)
    Share.objects.create(owner=owner, user=user, album=album)
    return user


def say(client, user, photo, text):
    client.force_login(user)
    return client.post(f"/photo/{photo.key}/comments/", {"text": text}, headers=HTMX)


def test_all_who_see_a_photo_talk_about_it(client, owner, viewer, stranger, photo):
    assert say(client, owner, photo, "At the river").status_code == 200
    response = say(client, viewer, photo, " Who is <b>that</b>? ")
    text = response.content.decode()
    assert text.index("At the river") < text.index("Who is &lt;b&gt;that&lt;/b&gt;?")
    assert say(client, stranger, photo, "Me too").status_code == 404
    assert say(client, viewer, photo, "  ").status_code == 422
    assert say(client, viewer, photo, "x" * 5001).status_code == 422
    assert Comment.objects.count() == 2
    assert Activity.objects.filter(owner=owner, verb="comments.added").count() == 2
    client.logout()
    assert client.get(f"/photo/{photo.key}/comments/").url.startswith("/accounts/login/")


def test_author_and_owner_change_and_remove(client, owner, viewer, stranger, photo):
    say(client, viewer, photo, "Mine")
    comment = Comment.objects.get()
    client.force_login(stranger)
    assert client.post(f"/comments/{comment.pk}/edit/", {"text": "No"}).status_code == 404
    client.force_login(viewer)
    assert client.post(f"/comments/{comment.pk}/edit/", {"text": "Mine, better"}, headers=HTMX).status_code == 200
    comment.refresh_from_db()
    assert (comment.text, comment.edited_at is not None) == ("Mine, better", True)
    client.force_login(owner)
    assert client.post(f"/comments/{comment.pk}/remove/", headers=HTMX).status_code == 200
    assert not Comment.objects.exists()
    removal = Activity.objects.get(verb="comments.removed")
    client.force_login(viewer)
    assert client.post(f"/comments/restore/{removal.pk}/", headers=HTMX).status_code == 404  # the owner wanted it gone
    client.force_login(owner)
    assert client.post(f"/comments/restore/{removal.pk}/", headers=HTMX).status_code == 200
    back = Comment.objects.get()
    assert (back.text, back.author, back.created_at) == ("Mine, better", viewer, comment.created_at)
    assert client.post(f"/comments/restore/{removal.pk}/", headers=HTMX).status_code == 422


def test_users_who_can_no_longer_see_the_photo_cannot_change_comments(client, owner, viewer, photo):
    say(client, viewer, photo, "Mine")
    Share.objects.all().delete()
    client.force_login(viewer)
    comment = Comment.objects.get()
    assert client.post(f"/comments/{comment.pk}/edit/", {"text": "Still"}).status_code == 404
    assert client.get(f"/photo/{photo.key}/comments/").status_code == 404


def test_others_are_not_told_where_the_file_lies(client, owner, viewer, photo):
    for user, told in ((owner, True), (viewer, False)):
        client.force_login(user)
        assert (photo.path in client.get(f"/photo/{photo.key}/info/").content.decode()) is told
