"""What is kept of pairs goes with their photos."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from duplicates.models import Comparison, Sketch
from duplicates.tests.alike import check
from photos.models import Photo
from vision.tests.test_matching import scene

Maker = Callable[..., Photo]


def test_sketches_and_comparisons_go_with_a_photo(add: Maker) -> None:
    one, copy = add(scene(1)), add(scene(1).resize((320, 240)))
    check(one, copy)
    assert (Sketch.objects.count(), Comparison.objects.count()) == (2, 1)
    copy.delete()
    assert Sketch.objects.get().fingerprint.photo == one
    assert not Comparison.objects.exists()


def test_a_pair_is_kept_once(add: Maker) -> None:
    check(add(scene(1)), add(scene(1).resize((320, 240))))
    kept = Comparison.objects.get()
    assert (kept.first_id < kept.second_id, str(kept)) == (True, f"{kept.first_id} same {kept.second_id}")
    kept.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save()
