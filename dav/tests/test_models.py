"""One name once in a folder, also at the top, where the parent is empty."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from dav.models import Entry


def test_one_name_once(owner: User, stranger: User) -> None:
    top = Entry.objects.create(owner=owner, name="a", name_key="a", is_folder=True)
    Entry.objects.create(owner=owner, parent=top, name="a", name_key="a")
    Entry.objects.create(owner=stranger, name="a", name_key="a")
    for parent in (None, top):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(owner=owner, parent=parent, name="a", name_key="a")
