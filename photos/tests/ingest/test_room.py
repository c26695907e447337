"""Files that come at the same time do not take the same room."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.cache import cache

from accounts.models import User
from photos.ingest import intake, room, uploads
from photos.ingest.uploads import Announcement
from photos.models import Photo

Maker = Callable[..., Photo]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def test_who_comes_while_others_are_on_their_way_finds_less_room(owner: User, stranger: User) -> None:
    owner.quota_bytes = stranger.quota_bytes = 1000
    with room.claimed(owner, 600):
        with pytest.raises(room.OverQuota), room.claimed(owner, 401):
            pass
        with room.claimed(owner, 400), room.claimed(stranger, 1000):
            pass
    cache.clear()
    with room.claimed(owner, 1000):
        pass
    assert room._claims == []


def test_what_has_just_come_counts_though_the_sum_is_remembered(owner: User, make_photo: Maker) -> None:
    owner.quota_bytes = 10_000
    assert room.used_bytes(owner) == 0
    for _number in range(4):
        with room.claimed(owner, 2500):
            make_photo(size=2500)
    with pytest.raises(room.OverQuota), room.claimed(owner, 1):
        pass


def test_near_the_quota_all_is_counted_anew(owner: User, make_photo: Maker) -> None:
    owner.quota_bytes = 1000
    assert room.used_bytes(owner) == 0
    made = make_photo(size=950)  # by another process
    with pytest.raises(room.OverQuota), room.claimed(owner, 920):
        pass
    made.delete()
    with room.claimed(owner, 920):  # as soon as there is room again
        pass


def test_a_file_of_unknown_size_claims_as_it_grows(owner: User) -> None:
    owner.quota_bytes = 1000
    with room.claimed(owner, 0) as claim:
        claim.grow_to(700)
        claim.grow_to(1000)
        with pytest.raises(room.OverQuota):
            claim.grow_to(1001)
        with pytest.raises(room.OverQuota), room.claimed(owner, 1):
            pass


def test_a_file_of_unknown_size_grows_no_larger_than_any_may_be(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "largest", lambda: 1000)
    with room.claimed(owner, 0) as claim:
        claim.grow_to(700)
        with pytest.raises(room.TooLarge):
            claim.grow_to(1001)


def test_the_disk_is_shared_too(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "free_bytes", lambda: intake.LEAST_FREE_BYTES + 1000)
    with room.claimed(owner, 900) as claim:
        with pytest.raises(room.NoSpace), room.claimed(owner, 200):
            pass
        claim.arrived(800)  # which the disk counts from now on
        with room.claimed(owner, 200):
            pass


def test_uploads_that_were_announced_count_at_once(owner: User) -> None:
    owner.quota_bytes = 1000
    assert uploads.create(owner, Announcement("a.jpg", 600))
    with pytest.raises(room.OverQuota):
        uploads.create(owner, Announcement("b.jpg", 600))


def test_two_threads_do_not_claim_the_same_room(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    owner.quota_bytes = 1000
    monkeypatch.setattr(room, "used_bytes", lambda owner: 0)
    ready, done, held = Barrier(8), Barrier(8), []

    def claim() -> None:
        ready.wait(20)
        try:
            with room.claimed(owner, 400):
                held.append(1)
                done.wait(20)
        except room.OverQuota:
            done.wait(20)

    threads = [Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == 2
