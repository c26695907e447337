"""The grid on a phone, in a real browser: rows fill the screen, pictures are no larger than needed, nothing jumps."""

from datetime import datetime

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
WATCH = """window.moved = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries()) window.moved += entry.value })
        .observe({type: "layout-shift", buffered: true})"""


@pytest.fixture
def phone(visit, make_shown):
    """The timeline with two days, of four photos and of two."""
    for day, count in ((3, 4), (2, 2)):
        for minute in range(count):
            make_shown(taken=datetime(2024, 5, day, 12, minute), width=1200, height=900)
    page = visit("about:blank", **PHONE)
    page.add_init_script(WATCH)
    page.goto("/")
    page.wait_for_load_state("networkidle")
    return page


def test_every_row_fills_the_screen(phone):
    boxes = phone.evaluate(
        """() => [...document.querySelectorAll('.tile')].map(tile => {
            const { top, right } = tile.getBoundingClientRect(); return [Math.round(top), Math.round(right)] })"""
    )
    rows = dict(boxes)  # of each row the last tile
    assert len(rows) == 3
    assert max(rows.values()) - min(rows.values()) <= 1
    assert max(rows.values()) >= 380
    titles = phone.evaluate(
        "() => [...document.querySelectorAll('.day-title')].map(title => title.scrollWidth - title.clientWidth)"
    )
    assert max(titles) == 0  # no date is cut off


def test_small_pictures_are_loaded_and_nothing_moves(phone):
    sources = phone.eval_on_selector_all(".tile img", "images => images.map(image => image.currentSrc)")
    assert all(source.endswith("small.webp") for source in sources)
    assert phone.evaluate("window.moved") <= 0.02
