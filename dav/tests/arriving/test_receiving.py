"""Files on their way: locked while in use, removed when left."""

import errno
import os
import time
from collections.abc import Iterator

import pytest
from django.http.request import UnreadablePostError
from django.utils import translation

from accounts.models import User
from dav.arriving import receiving
from dav.protocol.refusals import Refusal
from mirage.web.kept_sentences import in_language
from photos.storage import paths


def age(path: str) -> None:
    long_ago = time.time() - 3600
    os.utime(path, (long_ago, long_ago))


def test_what_a_kill_has_left_is_removed(owner: User) -> None:
    with receiving.temporary("a.jpg") as file:
        age(file.name)
        assert receiving.remove_left() == 0
        assert os.path.exists(file.name)
    left = paths.uploads_folder() / "dav-left.jpg"
    left.write_bytes(b"x")
    assert receiving.remove_left() == 0  # it may not be locked yet
    age(str(left))
    assert receiving.remove_left() == 1
    assert not left.exists()


def test_the_extension_is_kept(owner: User) -> None:
    with receiving.temporary("../IMG.CR2") as file:
        assert file.name.endswith(".cr2")
        assert os.path.dirname(file.name) == str(paths.uploads_folder())


def broken(error: Exception) -> Iterator[bytes]:
    yield b"12"
    raise error


@pytest.mark.parametrize(
    ("body", "size", "status"),
    [
        ([b"123"], 2, 400), ([b"1"], 2, 400), (broken(UnreadablePostError()), 9, 400),
        (broken(OSError(errno.ENOSPC, "full")), 9, 507), (broken(OSError(errno.EIO, "broken")), 9, 503),
        (broken(TimeoutError()), None, 400),
    ],
)  # fmt: skip
def test_bodies_that_go_wrong(owner: User, body: Iterator[bytes], size: int | None, status: int) -> None:
    with receiving.temporary("a.jpg") as file, pytest.raises(Refusal) as refused:
        receiving.write(file, body, size)
    assert refused.value.status == status


def test_size_and_sum(owner: User) -> None:
    with receiving.temporary("a.jpg") as file:
        size, sha256, sha1 = receiving.write(file, [b"ab", b"c"], 3)
    assert (size, sha256[:8], sha1[:8]) == (3, "ba7816bf", "a9993e36")


def test_why_there_is_no_room_is_kept_in_english(owner: User) -> None:
    owner.quota_bytes = 1
    with translation.override("de"):
        with pytest.raises(Refusal) as refused:
            receiving.require_room(owner, 2)
        assert str(refused.value) == "This file is larger than what is left of your quota."
        assert in_language(str(refused.value)) != str(refused.value)
