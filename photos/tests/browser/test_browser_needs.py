"""What some people need of a page: colours that the system chooses, everything twice as large, no motion, keys."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from people.models import Face, Person
from photos.models import Photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Page]

PAGES = (
    *("/", "/explore/", "/albums/", "/people/", "/years/", "/search/?q=beach", "/library/", "/tidy/", "/duplicates/"),
    *("/upload/", "/attention/", "/notices/", "/accounts/", "/administration/", "/administration/jobs/"),
)
SEEN = 12  # of 255: how far apart two colours are that one can tell
TOO_WIDE = """() => {
    const shown = { opacityProperty: true, visibilityProperty: true };
    const rolling = (one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
    const scrolls = (one) => one && (rolling(one) || scrolls(one.parentElement));
    const cut = [...document.querySelectorAll("a, button, input, select, summary")].filter((one) => {
        const { left, right, width, height } = one.getBoundingClientRect();
        if (!width || !height || !one.checkVisibility(shown) || scrolls(one.parentElement)) return false;
        return (left < -1 && right > 1) || (right > innerWidth + 1 && left < innerWidth);
    });
    const wide = document.documentElement.scrollWidth;
    return [...(wide > innerWidth + 1 ? [`${wide} wide`] : []), ...cut.map((one) => one.outerHTML.slice(0, 120))];
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((one) => {
    const { transitionDuration, animationName, animationDuration } = getComputedStyle(one);
    const longest = (text) => Math.max(...text.split(",").map(parseFloat));
    return longest(transitionDuration) > 0.01 || (animationName !== "none" && longest(animationDuration) > 0.01);
}).map((one) => one.outerHTML.slice(0, 80))"""
SHAPELESS = """() => [...document.querySelectorAll("button.primary, .button.primary, .chip[aria-current]")]
    .filter((one) => one.checkVisibility()).filter((one) => {
        const { borderTopStyle, borderTopWidth, outlineStyle, backgroundColor } = getComputedStyle(one);
        const around = getComputedStyle(one.parentElement).backgroundColor;
        const border = borderTopStyle !== "none" && parseFloat(borderTopWidth) > 0;
        return !border && outlineStyle === "none" && backgroundColor === around;
    }).map((one) => one.outerHTML.slice(0, 160))"""


@pytest.fixture
def shown(make_shown: Callable[..., Photo], owner: User) -> list[Photo]:
    """A few photos over three years, some of Marie; their owner is the administrator."""
    owner.is_staff = owner.is_superuser = True
    owner.save()
    made = [make_shown(taken=datetime(2024 - number % 3, 5, 1 + number, 12)) for number in range(12)]
    person = Person.objects.create(owner=made[0].owner, name="Marie")
    box = {"x": 0.3, "y": 0.3, "width": 0.2, "height": 0.2}
    for photo in made[:4]:
        Face.objects.create(photo=photo, person=person, assignment="confirmed", **box)
    return made


def picture(what: Locator, around: int = 6) -> Image.Image:
    """What is on the screen there, and a little around it."""
    box = what.bounding_box()
    assert box
    clip = {
        "x": max(box["x"] - around, 0),
        "y": max(box["y"] - around, 0),
        "width": box["width"] + 2 * around,
        "height": box["height"] + 2 * around,
    }
    return Image.open(BytesIO(what.page.screenshot(clip=clip, animations="disabled"))).convert("RGB")  # type: ignore[arg-type]


def differing(one: Image.Image, other: Image.Image) -> int:
    """How many pixels one can tell apart."""
    apart = ImageChops.difference(one, other).convert("L").point(lambda value: 255 * (value > SEEN))
    return apart.histogram()[255]


def test_where_the_system_chooses_the_colours_one_sees_what_is_chosen_and_where_the_focus_is(
    visit: Visit, shown: list[Photo]
) -> None:
    page = visit("/", forced_colors="active")
    tile = page.locator(".tile").first
    plain = picture(tile)
    tile.locator(".tile-link").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    focused = picture(tile)
    assert differing(plain, focused) > 300
    page.keyboard.press("x")
    expect(page.locator(".selection-count")).to_be_visible()
    assert differing(focused, picture(tile)) > 200
    page.keyboard.press("Escape")
    here = page.locator('.rail [aria-current="page"]')
    current = picture(here)
    page.evaluate("document.querySelector('.rail [aria-current=page]').removeAttribute('aria-current')")
    assert differing(current, picture(page.locator(".rail a[href='/']").first)) > 100


def test_twice_as_large_nothing_is_cut_off_and_nothing_scrolls_sideways(visit: Visit, shown: list[Photo]) -> None:
    wrong = {}
    page = visit("about:blank")
    for width, height in ((720, 450), (320, 480), (195, 422)):  # a desk, a small phone, a phone that enlarges
        page.set_viewport_size({"width": width, "height": height})
        for address in PAGES:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            if found := page.evaluate(TOO_WIDE):
                wrong[f"{address} {width}"] = found
    assert not wrong, "\n".join(f"{page}: {found}" for page, found in wrong.items())


def test_who_wants_no_motion_sees_none(visit: Visit, shown: list[Photo]) -> None:
    page = visit("about:blank")
    for address in PAGES[:6]:
        page.goto(address)
        assert page.evaluate(MOVING) == []
    page.goto("/")
    page.locator(".tile-link").first.click()
    page.wait_for_selector("#viewer")
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) != []  # so there was something to take away


def test_six_presses_of_tab_lead_to_the_first_photo(visit: Visit, shown: list[Photo]) -> None:
    page = visit("/")
    expect(page.locator(".memory-card").first).to_be_visible()
    inside = "document.activeElement.closest('.tile')?.dataset.key"
    first = page.locator(".tile").first.get_attribute("data-key")
    for presses in range(1, 7):
        page.keyboard.press("Tab")
        assert (page.evaluate(inside) == first) == (presses == 6)


def test_forced_colours_leave_no_button_without_a_shape(visit: Visit, shown: list[Photo]) -> None:
    """A button that shows by its background alone would be no button any more."""
    page = visit("about:blank", forced_colors="active")
    wrong = {}
    for address in PAGES:
        page.goto(address)
        if found := page.evaluate(SHAPELESS):
            wrong[address] = found
    assert wrong == {}
