"""Teaching a tag with the keyboard in a real browser: every key counts, and undo works."""

import pytest
from playwright.sync_api import expect

from mirage.testing.pictures import write_thumbnails
from photos.storage import paths
from tags.models import TagAnswer, TaughtTag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shown(beaches, towns):
    """Thumbnails for all, so that the page has something to show."""
    for place, photo in enumerate([*beaches, *towns]):
        write_thumbnails(paths.derived_folder(photo.sha256), (400, 300), (place * 7, 80, 120), ("small", "large"))


def test_quickly_pressed_keys_all_count(visit, tag, shown):
    page = visit(f"/teach/{tag.pk}/")
    expect(page.locator(".review-question")).to_have_text("Is this beach?")
    for key in "yyns":
        page.keyboard.press(key)
    expect(page.locator(".review-state")).to_contain_text("3 answered today")
    expect(page.locator(".review-state")).to_contain_text("Skipped")
    assert sorted(TagAnswer.objects.values_list("said", flat=True)) == ["no", "skip", "yes", "yes"]
    page.keyboard.press("u")
    expect(page.locator(".review-state")).to_contain_text("Undone")
    assert TagAnswer.objects.count() == 3


def test_the_threshold_is_chosen_with_a_click(visit, tag, shown):
    page = visit(f"/teach/{tag.pk}/")
    page.locator(".teach-apply summary").click()
    page.locator('input[name=above][value="0.9"]').check()
    expect(page.locator(".teach-apply summary")).to_contain_text("from 90 % on")
    assert TaughtTag.objects.get().apply_above == 0.9
