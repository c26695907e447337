"""What was done with duplicates, in words."""

import pytest

from duplicates.history import of_many
from duplicates.resolving_many import Progress


@pytest.mark.parametrize(
    ("done", "trashed", "stacked", "told"),
    [
        (1, 1, 0, "Kept the best of 1 duplicate group, moved 1 photo to the trash"),
        (1, 2, 0, "Kept the best of 1 duplicate group, moved 2 photos to the trash"),
        (1234, 1, 0, "Kept the best of 1,234 duplicate groups, moved 1 photo to the trash"),
        (3, 2000, 1, "Kept the best of 3 duplicate groups, moved 2,000 photos to the trash"),
        (1, 0, 1, "Stacked 1 burst"),
        (2, 0, 2, "Stacked 2 bursts"),
    ],
)
def test_each_number_has_its_own_plural(done: int, trashed: int, stacked: int, told: str) -> None:
    progress = Progress(
        total=done, done=done, trashed=trashed, saved=0, stacked=stacked, left=0, finished=True, undone=False
    )
    assert of_many(progress) == told
