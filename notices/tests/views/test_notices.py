"""The bell, the list, and the switches."""

from datetime import time
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from notices.models import Notice, Wishes
from notices.telling import tell


@pytest.fixture
def signed_in(client: Client, owner: User) -> Client:
    client.force_login(owner)
    Wishes.objects.create(user=owner, bell=["share"], mail=["comment"])
    return client


def test_the_bell_counts_what_is_not_seen(signed_in: Client, owner: User, stranger: User) -> None:
    assert "badge" not in signed_in.get("/notices/bell/").content.decode()
    for number in range(2):
        tell(owner, "share", f"Share {number}", "/albums/", about=str(number))
    tell(owner, "comment", "By mail only", about="1")
    html = signed_in.get("/notices/bell/").content.decode()
    assert '<span aria-hidden="true">2</span>' in html
    assert "2 not seen" in html
    page = signed_in.get("/notices/").content.decode()
    assert page.index("Share 1") < page.index("Share 0")
    assert "By mail only" not in page
    assert signed_in.post("/notices/seen/").status_code == 302
    assert "badge" not in signed_in.get("/notices/bell/").content.decode()
    assert "Mark all" not in signed_in.get("/notices/").content.decode()
    assert 'hx-get="/notices/bell/"' in page


def test_texts_are_only_text(signed_in: Client, owner: User) -> None:
    tell(owner, "share", "<script>alert(1)</script>", about="1")
    assert "<script>alert(1)" not in signed_in.get("/notices/").content.decode()


def test_strangers_and_nobody(signed_in: Client, owner: User, stranger: User) -> None:
    tell(owner, "share", "Secret", about="1")
    other = Client()
    assert other.get("/notices/bell/").status_code == 302
    other.force_login(stranger)
    assert "Secret" not in other.get("/notices/").content.decode()
    other.post("/notices/seen/")
    assert Notice.objects.get().seen_at is None


def test_choosing(signed_in: Client, owner: User) -> None:
    page = signed_in.get("/notices/wishes/").content.decode()
    assert "A backup that failed" not in page
    form = {"bell": ["share", "upload"], "mail": ["memories"], "quiet_from": "22:00", "quiet_to": "07:00"}
    assert signed_in.post("/notices/wishes/", form).status_code == 302
    wishes = Wishes.objects.get()
    assert (wishes.bell, wishes.mail, wishes.quiet_from) == (["share", "upload"], ["memories"], time(22))
    assert signed_in.post("/notices/wishes/", {}).status_code == 302
    assert Wishes.objects.get().bell == []


@pytest.mark.parametrize("wrong", [{"bell": "disk"}, {"mail": "x"}, {"quiet_from": "noon"}])
def test_wrong_wishes(signed_in: Client, wrong: dict[str, str]) -> None:
    assert signed_in.post("/notices/wishes/", wrong).status_code == 422
    assert Wishes.objects.get().bell == ["share"]


def test_the_list_takes_as_many_queries_for_more_notices(
    signed_in: Client, owner: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        tell(owner, "share", f"Share {number}", about=str(number))
    with django_assert_max_num_queries(14):
        signed_in.get("/notices/")
