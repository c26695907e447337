"""The people's page: naming, hiding, merging, undo, and the pictures of faces."""

import io

import pytest
from PIL import Image

from accounts.models import Activity
from media.pixels.crops import MARGINS, window
from mirage.testing.html import folded
from people.models import Face, FaceScan, Person
from photos.models import StageRun
from photos.storage import paths

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address, **headers: client.get(address, headers=headers)


@pytest.fixture
def post(client, owner):
    client.force_login(owner)

    def send(address, htmx=True, **form):
        return client.post(f"/people/{address}", form, headers=HTMX if htmx else {})

    return send


@pytest.fixture
def anna(make_person, make_face):
    return make_person("Anna", [make_face(1) for _ in range(3)])


@pytest.fixture
def group(make_person, make_face):
    return make_person("", [make_face(2) for _ in range(2)])


def test_the_anonymous_sign_in_and_strangers_get_404(client, stranger, anna):
    face = anna.faces.first()
    gets = [f"person/{anna.key}/others/", f"faces/{face.pk}/small.webp"]
    posts = [f"person/{anna.key}/name/"]
    assert client.get("/people/").status_code == 302
    assert {client.get(f"/people/{tail}").status_code for tail in gets} == {302}
    assert {client.post(f"/people/{tail}", {"name": "Eve"}).status_code for tail in posts} == {302}
    client.force_login(stranger)
    assert "Anna" not in client.get("/people/").content.decode()
    assert {client.get(f"/people/{tail}").status_code for tail in gets} == {404}
    assert {client.post(f"/people/{tail}", {"name": "Eve"}).status_code for tail in posts} == {404}
    client.post("/people/selection/hide/", {"keys": anna.key}, headers=HTMX)
    client.post("/people/merge/", {"keys": anna.key, "confirmed": "yes"}, headers=HTMX)
    anna.refresh_from_db()
    assert (anna.name, anna.hidden, anna.merged_into) == ("Anna", False, None)


def test_named_come_first_then_groups_worth_naming(page, anna, group, make_person, make_face):
    once = make_person("", [make_face(3)])
    text = page("/people/").content.decode()
    assert text.index(anna.key) < text.index("Who is this?") < text.index(group.key)
    assert once.key not in text  # seen in a single photo


def test_the_page_says_which_model_is_still_looking(page, owner, make_photo):
    photo = make_photo()
    StageRun.objects.create(photo=photo, stage="faces")
    FaceScan.objects.create(photo=photo, model="yunet+SFace/1")
    first = folded(page("/people/"))
    assert "1 photo still to be scanned for faces." in first
    assert "every 10s" in first  # nobody is there yet whose naming a new page would disturb
    FaceScan.objects.update(pending={"found": [], "described": []})
    assert "1 photo still to be scanned by the new model. Until it is done" in folded(page("/people/"))


def test_the_page_and_its_fragment(page, anna):
    whole, fragment = page("/people/"), page("/people/", **HTMX)
    assert b"<html" in whole.content
    assert folded(fragment).startswith('<div class="people')
    assert "HX-Request" in fragment.headers["Vary"]
    assert " style=" not in whole.content.decode()


def test_an_empty_library_says_so(page):
    assert "Nobody yet" in page("/people/").content.decode()
    assert "Nobody is hidden" in page("/people/?show=hidden").content.decode()


def test_groups_come_page_by_page(page, make_person, make_face, monkeypatch):
    monkeypatch.setattr("people.views.people.GROUPS_AT_ONCE", 2)
    groups = [make_person("", [make_face(number), make_face(number)]) for number in range(5)]
    seen, address = [], "/people/"
    for _ in range(3):
        text = page(address, **HTMX).content.decode()
        seen += [group for group in groups if f'data-key="{group.key}"' in text]
        address = "/people/?below=" + text.split("?below=")[1].split('"')[0] if "?below=" in text else ""
    assert (seen, address) == (groups, "")
    assert page("/people/?below=nothing").status_code == 404


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_named_people_come_page_by_page(page, make_person, make_face, monkeypatch, headers):
    monkeypatch.setattr("people.views.people.NAMED_AT_ONCE", 2)
    named = [make_person(f"Number {number}", [make_face(number)]) for number in range(5)]
    seen, address = [], "/people/"
    for _ in range(3):
        text = page(address, **headers).content.decode()
        seen += [person for person in named if f'data-key="{person.key}"' in text]
        _, more, place = text.partition('href="?named_below=')  # the page names its own address too
        address = "/people/?named_below=" + place.split('"')[0] if more else ""
    assert (seen, address) == (named, "")
    assert page("/people/?named_below=nothing").status_code == 404


def test_queries_do_not_grow_with_the_people(page, make_person, make_face, django_assert_max_num_queries):
    for number in range(12):
        make_person(f"Number {number}" if number % 2 else "", [make_face(number), make_face(number)])
    page("/people/")  # counts the photos of all
    with django_assert_max_num_queries(20):
        page("/people/")


def test_naming_answers_with_an_undo_and_refreshes(post, group):
    response = post(f"person/{group.key}/name/", name="  Ben  Ali ")
    group.refresh_from_db()
    assert group.name == "Ben Ali"
    assert "people:changed" in response.headers["HX-Trigger"]
    activity = Activity.objects.get(verb="people.name")
    assert f'action="/people/undo/{activity.pk}/"' in response.content.decode()
    assert "Undone" in post(f"undo/{activity.pk}/").content.decode()
    group.refresh_from_db()
    assert group.name == ""
    assert post(f"undo/{activity.pk}/").status_code == 422


def test_a_name_that_is_taken_asks_to_merge_and_changes_nothing(post, anna, group):
    response = post(f"person/{group.key}/name/", name="anna")
    text = response.content.decode()
    assert response.status_code == 422
    assert response.headers["HX-Retarget"] == "#ask"
    assert "<dialog" in text
    assert {f"/people/faces/{face.pk}/" in text for face in Face.objects.all()} == {True}
    group.refresh_from_db()
    assert (group.name, group.merged_into) == ("", None)


def test_merging_asks_first_and_keeps_the_name_that_was_chosen(post, anna, group, make_person, make_face):
    ann = make_person("Ann", [make_face(1)])
    keys = f"{group.key},{anna.key},{ann.key}"
    assert "Keep the name Ann" in post("merge/", keys=keys).content.decode()
    assert Person.objects.filter(merged_into=None).count() == 3
    assert "Merged into Ann" in post("merge/", keys=keys, target=ann.key, confirmed="yes").content.decode()
    assert list(Person.objects.filter(merged_into=None)) == [ann]
    assert ann.faces.count() == 6
    assert post("merge/", keys=ann.key, confirmed="yes").status_code == 422


def test_hiding_many_and_showing_them_again(post, page, anna, group):
    assert "2 people hidden" in post("selection/hide/", keys=f"{anna.key},{group.key}").content.decode()
    assert anna.key not in page("/people/").content.decode()
    assert anna.key in page("/people/?show=hidden").content.decode()
    post("selection/show/", keys=anna.key)
    assert anna.key in page("/people/").content.decode()
    assert post("selection/hide/").status_code == 422
    assert post("selection/eat/", keys=anna.key).status_code == 404


def test_without_htmx_the_form_goes_on_where_it_says(post, group):
    response = post(f"person/{group.key}/name/", htmx=False, name="Ben", next="/people/?show=hidden")
    assert (response.status_code, response.headers["Location"]) == (302, "/people/?show=hidden")
    response = post(f"person/{group.key}/name/", htmx=False, name="Bo", next="//evil.example/")
    assert response.headers["Location"] == "/people/"


def test_a_merge_of_people_who_are_in_one_photo_says_so_and_keeps_both(post, anna, make_person, make_face):
    mirrored = anna.faces.first()
    reflection = make_face(1, photo=mirrored.photo)
    group = make_person("", [reflection, make_face(1)])
    dialog = folded(post(f"person/{group.key}/name/", name="Anna", faces=reflection.pk))
    assert "1 photo shows more than one of them." in dialog
    assert f'name="faces" value="{reflection.pk}"' in dialog
    said = folded(post("merge/", keys=f"{anna.key},{group.key}", confirmed="yes", faces=reflection.pk))
    assert "Merged into Anna" in said
    assert "no longer fit" not in said
    assert anna.faces.count() == 5
    assert list(anna.faces.filter(assignment="confirmed")) == [reflection]


def test_people_who_are_never_together_are_merged_without_a_warning(post, anna, group):
    assert "more than one of them" not in folded(post(f"person/{group.key}/name/", name="Anna"))


def test_naming_a_face_confirms_it_but_nobody_elses(post, anna, group):
    face, other = group.faces.first(), anna.faces.first()
    post(f"person/{group.key}/name/", name="Ben", faces=f"{face.pk},{other.pk}")
    assert list(Face.objects.filter(assignment="confirmed")) == [face]


def test_faces_removed_by_a_birthday_are_reported(post, anna):
    said = folded(post(f"person/{anna.key}/birthday/", birthday="2024-06-01"))
    assert "Birthday changed. 3 faces no longer fit and have no person now." in said.replace("&#x27;", "'")


def test_others_to_merge_with(page, anna, group):
    text = page(f"/people/person/{anna.key}/others/", **HTMX).content.decode()
    assert f'value="{group.key}"' in text


# --- pictures ---------------------------------------------------------------------------------------------------------


def test_a_face_is_cut_out_with_a_margin(page, make_face):
    face = make_face(x=0.5, y=0.25, width=0.2, height=0.4)
    assert page(f"/people/faces/{face.pk}/small.webp").status_code == 404  # not made yet
    folder = paths.derived_folder(face.photo.sha256)
    folder.mkdir(parents=True)
    picture = Image.new("RGB", (1000, 500), "white")
    picture.paste("red", (500, 125, 700, 325))
    for name in ("medium", "large"):
        picture.save(folder / f"{name}.webp")
    response = page(f"/people/faces/{face.pk}/small.webp")
    assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert page(f"/people/faces/{face.pk}/small.webp", **{"If-None-Match": response.headers["ETag"]}).status_code == 304
    shown = Image.open(io.BytesIO(response.content))
    assert (shown.format, shown.size) == ("WEBP", (160, 160))
    middle, corner = shown.getpixel((80, 80)), shown.getpixel((4, 4))
    assert isinstance(middle, tuple)
    assert isinstance(corner, tuple)
    assert middle[0] > 200 > 80 > middle[1]
    assert min(corner) > 200
    marked = Image.open(io.BytesIO(page(f"/people/faces/{face.pk}/marked.webp").content))
    assert marked.size == (480, 480)
    margin = MARGINS["marked"]
    edge = round(480 * margin / (1 + 2 * margin))  # the box, in a line that is white between black ones
    assert min(marked.getpixel((edge + 1, 240))) > 200
    assert max(marked.getpixel((edge - 1, 240))) < 120
    assert page(f"/people/faces/{face.pk}/huge.webp").status_code == 404


@pytest.mark.parametrize("box", [(0, 0, 0.1, 0.1), (0.9, 0.9, 0.1, 0.1), (0.4, 0.4, 0.1, 0.2), (0, 0, 1, 1)])
def test_the_square_stays_in_the_picture_and_holds_the_face(box):
    part = window(box, 600, 400)
    assert 0 <= part.left < part.right <= 600
    assert 0 <= part.top < part.bottom <= 400
    assert abs((part.right - part.left) - (part.bottom - part.top)) <= 1
    if max(box[2] * 600, box[3] * 400) * (1 + 2 * MARGINS["small"]) < 400:
        assert part.left <= box[0] * 600
        assert part.right >= (box[0] + box[2]) * 600 - 1
