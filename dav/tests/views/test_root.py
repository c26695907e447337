"""The root of the site, as Windows asks it."""

import pytest
from django.test import Client

from accounts.models import User
from dav.tests.conftest import Program, tree

CLIENTS = ["DavClnt", "Microsoft-WebDAV-MiniRedir/10.0.22000"]


@pytest.mark.parametrize("agent", CLIENTS)
def test_windows_learns_that_webdav_is_spoken_before_it_signs_in(agent: str, db: None) -> None:
    answer = Client().options("/", headers={"User-Agent": agent})
    assert (answer.status_code, answer.headers["DAV"], answer.headers["MS-Author-Via"]) == (200, "1, 2", "DAV")


def test_the_root_is_a_folder_for_who_signs_in(owner: User, program: Program) -> None:
    assert Client().generic("PROPFIND", "/").status_code == 401
    at_root = Program(owner, base="/")
    for depth, folders in (("0", ["/"]), ("1", ["/", "/dav/"])):
        found = tree(at_root("PROPFIND", "", Depth=depth)).iter("{DAV:}href")
        assert [one.text for one in found] == folders
    wrong = Client().generic("PROPFIND", "/", headers={"Authorization": "Basic YW5uYTp3cm9uZw=="})
    assert wrong.status_code == 401
    assert at_root("PROPFIND", "elsewhere").status_code != 207


def test_a_browser_is_shown_what_it_was(db: None) -> None:
    assert Client().get("/").status_code == 302
    assert Client().head("/").status_code == 302
