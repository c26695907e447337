"""People in a real browser: naming, merging, reviewing by keys, names in the viewer, each with undo."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from mirage.testing.browser import shortcuts
from mirage.testing.pictures import write_thumbnails
from people.models import Face, Person, Question
from photos.models import Photo
from photos.storage import paths
from photos.tests.browser.test_browser_gallery import delay

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def make_seen(make_face: Callable[..., Face]) -> Callable[..., Face]:
    """Faces in photos that have their thumbnails."""

    def make(identity: int, **fields: object) -> Face:
        face = make_face(identity, **fields)
        write_thumbnails(paths.derived_folder(face.photo.sha256), (400, 300), (identity * 90 % 256, 80, 120))
        return face

    return make


@pytest.fixture
def group(make_person: Callable[..., Person], make_seen: Callable[..., Face]) -> Callable[..., Person]:
    return lambda identity, name="": make_person(name, [make_seen(identity) for _ in range(3)])


def tick(box: Locator) -> None:
    """Tick a box that shows itself to the mouse, as a hand does it: first there, then down."""
    box.hover(force=True)
    box.click(force=True)
    expect(box).to_be_checked()


def undo(page: Page) -> None:
    page.locator(".toast form button").last.click()
    expect(page.locator(".toast", has_text="Undone")).to_be_visible()


def test_naming_twice_asks_to_merge_and_can_be_undone(visit, group):
    first, second = group(1), group(2)
    page = visit("/people/")
    page.locator(f'[data-key="{first.key}"] input[name=name]').fill("Anna")
    page.keyboard.press("Enter")
    expect(page.locator(".person-name")).to_have_text("Anna")
    expect(page.locator(".htmx-request")).to_have_count(
        0
    )  # the list fetches itself again: a click would meet the old one
    merge = page.locator("dialog[open]")
    tick(page.locator(".person-check").nth(0))
    tick(page.locator(f'[data-key="{second.key}"] .person-check'))
    page.get_by_role("button", name="Merge").click()
    expect(merge).to_contain_text("Are these two the same person?")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('people:changed', { bubbles: true }))")  # a late undo
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(merge).to_be_visible()
    merge.get_by_role("button", name="Yes, merge").click()
    expect(page.locator(".person")).to_have_count(1)
    expect(merge).to_have_count(0)
    undo(page)
    expect(page.locator(".person")).to_have_count(2)


@pytest.mark.parametrize("tail", ["", "faces/", "history/"])
def test_nothing_of_a_person_is_wider_than_a_small_phone(visit, group, tail):
    anna = group(1, "Anna")
    Person.objects.filter(pk=anna.pk).update(hidden=True)  # the longest of the buttons
    page = visit(f"/people/person/{anna.key}/{tail}", width=360, height=740)
    buttons = page.locator(".person-actions > *")
    expect(buttons).to_have_count(4)
    boxes = [box for number in range(4) if (box := buttons.nth(number).bounding_box())]
    assert len({box["y"] for box in boxes}) == 1
    assert max(box["x"] + box["width"] for box in boxes) <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_hiding_with_the_bar(visit, group):
    for identity in range(3):
        group(identity)
    page = visit("/people/")
    tick(page.locator(".person-check").nth(0))
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).to_be_hidden()
    tick(page.locator(".person-check").nth(0))
    tick(page.locator(".person-check").nth(1))
    expect(page.locator(".selection-count")).to_have_text("2 selected")
    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".person")).to_have_count(1)
    expect(page.locator("#selection")).to_be_hidden()
    undo(page)
    expect(page.locator(".person")).to_have_count(3)


@pytest.fixture
def ask(owner: User, group: Callable[..., Person], make_seen: Callable[..., Face]) -> Callable[[], Person]:
    """Three questions about Anna."""

    def make() -> Person:
        anna = group(1, "Anna")
        for value in (3, 2, 1):
            Question.objects.create(owner=owner, person=anna, face=make_seen(1), similarity=0.4, value=value)
        return anna

    return make


def test_the_review_queue_by_keys(visit, ask):
    anna = ask()
    page = visit("/people/review/")
    expect(page.locator("#review")).to_contain_text("Is this Anna?")
    for key, left in (("y", "2 left"), ("n", "1 left"), ("s", "No questions"), ("u", "1 left"), ("u", "2 left")):
        page.keyboard.press(key)
        expect(page.locator("#review")).to_contain_text(left)
    assert anna.faces.count() == 4


def test_keys_faster_than_the_server_are_all_answered(visit, ask):
    anna = ask()
    page = visit("/people/review/")
    expect(page.locator("#review")).to_contain_text("3 left")
    asked = delay(page, "**/people/review/**")
    page.keyboard.type("ynsu")
    expect(page.locator("#review")).to_contain_text("Undone.")
    assert [url.split("/")[-2] for url in asked] == ["yes", "no", "not-sure", "undo"]
    assert anna.faces.count() == 4
    assert Question.objects.filter(skipped_at=None).count() == 1


def test_a_key_pressed_the_moment_the_next_question_shows(visit, ask):
    anna = ask()
    page = visit("/people/review/")
    page.evaluate("""() => {
        window.stayed = true;
        new MutationObserver((_, observer) => {
            observer.disconnect();
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "y", bubbles: true }));
        }).observe(document.querySelector("#review").parentElement, { childList: true });
    }""")
    page.keyboard.press("y")
    expect(page.locator("#review")).to_contain_text("1 left")
    assert page.evaluate("window.stayed")
    assert anna.faces.count() == 5


def test_a_key_held_down_answers_one_question(visit, ask):
    anna = ask()
    page = visit("/people/review/")
    for _ in range(5):
        page.keyboard.down("y")
    page.keyboard.up("y")
    expect(page.locator("#review")).to_contain_text("2 left")
    page.keyboard.press("n")
    expect(page.locator("#review")).to_contain_text("1 left")
    assert anna.faces.count() == 4


def test_an_answer_that_fails_is_reported_and_later_keys_are_dropped(visit, ask):
    anna = ask()
    page = visit("/people/review/")
    delay(page, "**/people/review/**", fail=True)
    page.keyboard.type("yy")
    expect(page.locator(".toast.error")).to_be_visible()
    page.unroute("**/people/review/**")
    page.keyboard.press("y")
    expect(page.locator("#review")).to_contain_text("2 left")
    assert anna.faces.count() == 4


def test_moving_a_face_out_of_a_person(visit, group):
    anna = group(1, "Anna")
    page = visit(f"/people/person/{anna.key}/faces/")
    page.locator(".face-tile .tile-check").first.check(force=True)
    page.locator(".faces-name").fill("Ben")
    page.keyboard.press("Enter")
    expect(page.locator(".face-tile")).to_have_count(2)
    expect(page.locator(".faces-name")).to_have_value("")
    assert Person.objects.get(name="Ben").faces.count() == 1
    undo(page)
    expect(page.locator(".face-tile")).to_have_count(3)


def test_names_in_the_viewer_and_a_face_drawn_by_hand(visit, group):
    anna = group(1, "Anna")
    photo: Photo = anna.faces.first().photo
    page = visit(f"/photo/{photo.key}/")
    expect(page.locator("#photo-faces")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.locator(".face-label")).to_have_text("Anna")
    picture, layer = page.locator(".viewer-media").bounding_box(), page.locator("#photo-faces").bounding_box()
    assert abs(picture["width"] / picture["height"] - layer["width"] / layer["height"]) < 0.01
    assert abs(picture["x"] + picture["width"] / 2 - layer["x"] - layer["width"] / 2) < 1
    page.locator(".face-box").click()
    page.locator(".face-menu:popover-open [name=name]").fill("Ben")
    page.keyboard.press("Enter")
    expect(page.locator(".face-label")).to_have_text("Ben")
    page.locator("[data-draw]").click()
    page.mouse.move(layer["x"] + layer["width"] * 0.5, layer["y"] + layer["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(layer["x"] + layer["width"] * 0.7, layer["y"] + layer["height"] * 0.8, steps=4)
    page.mouse.up()
    page.locator("#face-new [name=name]").fill("Zoe")
    page.keyboard.press("Enter")
    expect(page.locator(".face-label")).to_have_count(2)
    drawn = Face.objects.get(source="drawn")
    assert [round(side, 1) for side in drawn.box] == [0.5, 0.5, 0.2, 0.3]
    undo(page)
    expect(page.locator(".face-label")).to_have_count(1)
    page.keyboard.press("p")
    expect(page.locator("#photo-faces")).to_have_count(0)


def test_a_half_typed_name_stays_when_the_list_is_replaced(visit, group):
    first, second, third = group(1), group(2), group(3)
    page = visit("/people/")
    held: list[Route] = []
    page.route("**/name/", lambda route: held.append(route), times=1)
    page.locator(f'[data-key="{first.key}"] input[name=name]').fill("Anna")
    page.keyboard.press("Enter")
    field = page.locator(f'[data-key="{second.key}"] input[name=name]')
    field.click()
    page.keyboard.type("Be")
    tick(page.locator(f'[data-key="{third.key}"] .person-check'))
    field.focus()
    held[0].continue_()
    expect(page.locator(".person-name")).to_have_text("Anna")
    expect(field).to_have_value("Be")
    expect(page.locator(".selection-count")).to_have_text("1 selected")
    page.keyboard.type("n")
    page.keyboard.press("Enter")
    expect(page.locator(".person-name")).to_have_count(2)
    assert set(Person.objects.values_list("name", flat=True)) == {"", "Anna", "Ben"}


def test_a_box_is_moved_by_keys_and_by_dragging(visit, group):
    face: Face = group(1, "Anna").faces.first()
    page = visit(f"/photo/{face.photo.key}/")
    page.keyboard.press("p")
    box = page.locator(".face-box")
    box.click()
    page.get_by_role("button", name="Move the box").click()
    expect(page.locator(".face-corner")).to_have_count(4)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator(".face-corner")).to_have_count(0)
    expect(page.locator(".face-label")).to_have_text("Anna")
    box.click()
    page.get_by_role("button", name="Move the box").click()
    layer, corner = page.locator("#photo-faces").bounding_box(), page.locator('[data-corner="right bottom"]')
    corner.hover()
    page.mouse.down()
    page.mouse.move(layer["x"] + layer["width"] * 0.6, layer["y"] + layer["height"] * 0.7, steps=4)
    page.mouse.up()
    page.locator(".face-moved").get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Box moved")
    face.refresh_from_db()
    assert [round(face.x + face.width, 1), round(face.y + face.height, 1)] == [0.6, 0.7]
    assert (face.person.name, face.source) == ("Anna", "drawn")
    undo(page)
    face.refresh_from_db()
    assert face.source == "detected"


def test_every_key_of_the_review_that_the_sheet_shows_works(visit, owner, group, make_seen):
    anna = group(1, "Anna")
    for value in range(5):
        Question.objects.create(owner=owner, person=anna, face=make_seen(1), similarity=0.4, value=value)
    page = visit("/people/review/")
    assert shortcuts(page, "In the review of people and of tags") == {"y n", "s", "x", "u"}
    for key, left in (("y", "4 left"), ("n", "3 left"), ("s", "2 left"), ("x", "1 left"), ("u", "2 left")):
        page.keyboard.press(key)
        expect(page.locator("#review")).to_contain_text(left)
