"""One name once in a folder, also at the top, where the parent is empty."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from dav.models import Entry, start_of


def test_one_name_once(owner: User, stranger: User) -> None:
    top = Entry.objects.create(owner=owner, name="a", name_key="a", is_folder=True)
    Entry.objects.create(owner=owner, parent=top, name="a", name_key="a")
    Entry.objects.create(owner=stranger, name="a", name_key="a")
    for parent in (None, top):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(owner=owner, parent=parent, name="a", name_key="a")


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        (
            "IMG_1.JPG",
            ["img_1.xmp", "IMG_1.JPG.xmp", "IMG_1(2).jpg.json", "IMG_1-edited.jpg", "IMG_1-bearbeitet(1).jpg"],
        ),
        ("2024-07-01 10.00.00.jpg", ["2024-07-01 10.00.00.xmp"]),
        (f"{'a' * 60}.jpg", [f"{'a' * 45}.json"]),
    ],
)
def test_files_that_describe_each_other_begin_alike(name: str, alike: list[str]) -> None:
    assert {start_of(other) for other in alike} == {start_of(name)}
    assert start_of("IMG_10.jpg") != start_of("IMG_1.jpg")
    assert start_of("2024-07-02.jpg") != start_of("2024-07-01.jpg")
