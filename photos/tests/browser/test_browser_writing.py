"""Writing into the file in a real browser, and putting it back; a search on the map."""

import shutil

import pytest
from playwright.sync_api import expect

from media.metadata.reading import read
from media.tests.test_motion import make_video
from photos import pipeline
from photos.editing import bulk, edits
from photos.ingest import intake
from photos.models import Photo
from photos.storage import paths

pytestmark = [pytest.mark.browser, pytest.mark.draws_maps, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def titled(owner, make_picture):
    """A real photo with its thumbnails, a place and a title that was edited."""
    photo = intake.ingest(owner, make_picture()).photo
    for stage in ("metadata", "thumbnails"):
        pipeline.perform_next(pipeline.STAGES[stage])
    place = {"latitude": 48.2, "longitude": 16.37, "zone": None}
    change = bulk.Together.of([edits.set_words(title="By the river"), edits.SetFields({"position": place})])
    bulk.make(owner, Photo.objects.filter(pk=photo.pk), change, owner)
    return Photo.objects.get()


def title_in(photo):
    return read(paths.original_path(photo), photo.media_type).title


def test_it_is_asked_written_and_put_back(visit, titled):
    page = visit(f"/photo/{titled.key}/info/")
    page.get_by_text("Details", exact=True).click()
    page.get_by_role("button", name="Write into the file").click()
    page.get_by_role("button", name="Cancel").click()
    assert title_in(titled) is None
    page.get_by_role("button", name="Write into the file").click()
    page.get_by_role("button", name="Write", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("The file written into")
    expect(page.get_by_role("button", name="Restore the file")).to_be_visible()
    assert title_in(titled) == "By the river"
    page.get_by_role("button", name="Restore the file").click()
    expect(page.locator(".toast").last).to_contain_text("The file restored")
    expect(page.get_by_role("button", name="Restore the file")).to_be_visible()  # the panel stays open
    assert title_in(titled) is None


def test_a_search_on_the_map_filters_it(visit, titled, make_photo):
    mountain = make_photo(title="Mountain", latitude=10.0, longitude=10.0)
    shutil.copytree(paths.derived_folder(titled.sha256), paths.derived_folder(mountain.sha256))
    page = visit("/map/")
    expect(page.locator(".map-tile")).to_have_count(2)
    page.get_by_role("combobox", name="Search photos").fill("river")
    page.get_by_role("combobox", name="Search photos").press("Enter")
    page.wait_for_url("**/map/?in=search.*")
    expect(page.locator(".map-tile")).to_have_count(1)
    page.get_by_role("link", name="Show all photos").click()
    expect(page.locator(".map-tile")).to_have_count(2)


def test_the_moment_of_a_motion_photo_is_played(visit, titled):
    motion = make_video(paths.derived_folder(titled.sha256) / "motion.mp4")
    page = visit(f"/photo/{titled.key}/")
    button = page.get_by_role("button", name="Play the moment")
    with page.expect_response(f"**/media/{titled.key}/video.mp4") as asked:
        button.click()
    assert asked.value.ok
    expect(page.locator("video.viewer-motion")).to_have_count(0, timeout=30_000)  # it is over
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".toast")).to_have_count(0)  # it was not given up
    motion.unlink()
    page.reload()
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    expect(button).to_have_count(0)
