"""Uploading what another program knows with a real browser."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from photos.ingest import uploads
from photos.ingest.forms import moment
from photos.models import Upload
from switching import uploading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("address", "purpose"), [("/bring/", uploading.PURPOSE), ("/takeout/", "")])
def test_only_the_file_that_was_begun_is_continued(
    visit: Callable[..., Page], owner: User, tmp_path: Path, address: str, purpose: str
) -> None:
    """A database that was changed in place has the same name and size."""
    file = tmp_path / "library.zip"
    file.write_bytes(b"old old ")
    os.utime(file, (1_700_000_000.7, 1_700_000_000.7))
    announced = uploads.Announcement(file.name, 8, "", moment(file.stat().st_mtime * 1000), True, purpose)
    begun = uploads.create(owner, announced)
    uploads.append(begun, 0, [b"old "])
    page = visit(address)
    page.set_input_files("input[type=file]", file)
    expect(page.locator("[data-part=words]")).to_contain_text("complete")
    assert uploads.file_of(Upload.objects.get()).read_bytes() == b"old old "
    begun = Upload.objects.get()
    uploads.file_of(begun).write_bytes(b"old ")  # it stops half way again, and is changed
    file.write_bytes(b"new new ")
    page.reload()
    page.set_input_files("input[type=file]", file)
    expect(page.locator("[data-begun]")).to_have_count(2)
    expect(page.get_by_text("8 bytes, complete")).to_be_visible()
    newer = Upload.objects.exclude(pk=begun.pk).get()
    assert [uploads.file_of(one).read_bytes() for one in (begun, newer)] == [b"old ", b"new new "]
