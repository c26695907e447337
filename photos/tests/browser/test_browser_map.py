"""The map in a real browser: markers open into markers, photos and the viewer, and nobody else is asked."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from mirage.testing.browser import PATIENCE
from mirage.testing.pictures import write_thumbnails
from mirage.web import land
from photos.models import Photo
from photos.storage import paths

pytestmark = [pytest.mark.browser, pytest.mark.draws_maps, pytest.mark.django_db(transaction=True)]

KEEP_DRAWING = """
    const look = () => {
        const svg = document.querySelector(".map-sketch.aimed svg")
        if (!svg) return requestAnimationFrame(look)
        const { x, y, width, height } = svg.viewBox.baseVal
        window.drawing = [x, y, width, height, Number(svg.dataset.width)]
    }
    requestAnimationFrame(look)"""
LISBON, PORTO, TOKYO = (38.7167, -9.1333), (41.1496, -8.611), (35.68, 139.69)


@pytest.fixture
def make_at(make_photo: Callable[..., Photo]) -> Callable[..., Photo]:
    """Photos with thumbnails, at a position."""
    count = itertools.count()

    def make(position: tuple[float, float], **fields: Any) -> Photo:
        photo = make_photo(latitude=position[0], longitude=position[1], **fields)
        write_thumbnails(paths.derived_folder(photo.sha256), (80, 60), (next(count) * 37 % 256, 90, 120))
        return photo

    return make


def test_clusters_open_into_clusters_and_photos_into_the_viewer(visit, make_at):
    make_at(LISBON)
    make_at(LISBON)
    make_at(PORTO)
    tokyo = make_at(TOKYO)
    page = visit("/map/")
    markers = page.locator(".map-marker")
    expect(markers).to_have_count(2, timeout=20_000)
    expect(page.locator(".map-tile")).to_have_count(4)
    page.get_by_role("link", name="3 photos").click()
    expect(page.locator(".map-count")).to_have_text(["2"])
    expect(page.locator(".map-tile")).to_have_count(3)
    page.get_by_role("link", name="2 photos").click()
    expect(page.locator(".map-tile")).to_have_count(2)
    page.goto("/map/")
    expect(markers).to_have_count(2, timeout=20_000)
    page.locator(f'.map-marker[href="/photo/{tokyo.key}/"]').click()
    expect(page.locator("#viewer")).to_have_attribute("data-key", tokyo.key)
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_have_count(0)
    assert page.evaluate("location.pathname") == "/map/"


@pytest.mark.parametrize("places", [[LISBON, TOKYO], [LISBON, PORTO]], ids=["far apart", "one country"])
@pytest.mark.parametrize("size", [(390, 844), (1440, 900)])
def test_the_land_is_where_the_map_will_be(visit, make_at, places, size):
    """It comes with the page. Where it was is kept when it goes, and the address then says where the map is."""
    for position in places:
        make_at(position)
    page = visit("about:blank")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.add_init_script(KEEP_DRAWING)
    page.goto("/map/")
    page.wait_for_function("() => location.hash", timeout=PATIENCE)
    left, top, wide, high, world = page.evaluate("window.drawing")
    zoom, latitude, longitude = (float(part) for part in page.evaluate("location.hash.slice(1)").split("/"))
    x, y = land.place((longitude, latitude))
    assert (left + wide / 2) / world == pytest.approx(x, abs=1e-3)
    assert (top + high / 2) / world == pytest.approx(y, abs=1e-3)
    pixels = page.locator("#map").evaluate("(element) => element.clientWidth")
    assert 512 * 2**zoom == pytest.approx(pixels / wide * world, rel=0.01)
    expect(page.locator(".map-sketch")).to_have_count(0, timeout=PATIENCE)


def test_without_webgl_the_photos_are_listed_all_the_same(visit, make_at):
    make_at(LISBON)
    page = visit("about:blank")
    page.add_init_script(
        "HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext,"
        "{ apply: (f, self, [kind, ...rest]) => kind.startsWith('webgl') ? null : f.call(self, kind, ...rest) })"
    )
    page.goto("/map/")
    expect(page.locator("#map-failed")).to_be_visible(timeout=20_000)
    expect(page.locator(".map-tile")).to_have_count(1)


def test_a_title_and_a_place_are_edited_in_the_panel(visit, make_at):
    photo = make_at(LISBON, title="Old", place="Lisbon")
    page = visit(f"/photo/{photo.key}/info/")
    page.locator("summary.info-title").click()
    page.get_by_label("Title", exact=True).fill("At the sea")
    page.get_by_label("Title", exact=True).press("Enter")
    expect(page.locator(".toast")).to_contain_text("Photo changed")
    expect(page.locator("summary.info-title")).to_have_text("At the sea")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("summary.info-title")).to_have_text("Old")
    page.locator("summary", has_text="38.71670").click()
    page.get_by_label("Search for a town").fill("porto")
    page.get_by_role("button", name="Porto, Porto, Portugal").click()
    page.locator(".info-form:visible").get_by_role("button", name="Save").click()
    expect(page.locator(".viewer-title")).to_contain_text("Porto")
    photo.refresh_from_db()
    assert photo.latitude == pytest.approx(PORTO[0], abs=0.1)


def test_a_pin_on_the_small_map_sets_the_place(visit, make_at):
    photo = make_at(LISBON)
    page = visit(f"/photo/{photo.key}/info/")
    page.locator("summary", has_text="38.71670").click()
    pick = page.locator("[data-pick].placing")
    expect(pick.locator("canvas")).to_be_visible(timeout=20_000)
    box = pick.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 60)
    expect(page.get_by_label("Longitude")).not_to_have_value("-9.133300")
    page.locator(".info-form:visible").get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Photo changed")
    photo.refresh_from_db()
    assert -11 < photo.longitude < -9.14
    assert 38.72 < photo.latitude < 40


def test_a_selection_is_shifted_after_a_preview_and_undone(visit, make_at):
    made = [make_at(LISBON), make_at(PORTO)]
    page = visit("/")
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Edit").click()
    page.get_by_text("Shift time").click()
    page.get_by_label("By how much").fill("25:00")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#edit-preview")).to_contain_text("2 of 2 photos would change")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("2 photos changed")
    expect(page.locator('.day[data-day="2024-05-02"]')).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator('.day[data-day="2024-05-01"]')).to_be_visible()
    assert {photo.taken_local.day for photo in Photo.objects.all()} == {1}
    assert len(made) == 2
