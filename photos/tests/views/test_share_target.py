"""What a phone shares, where the service worker did not take it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Role, User
from photos.models import Photo, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
FROM_THE_SHEET = {"Sec-Fetch-Site": "none"}


def picture(name: str, colour: str = "red") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


@pytest.fixture
def phone(owner: User) -> Client:
    """The owner's browser, which sends no token with what is shared."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    return client


def names(owner: User) -> list[str]:
    return list(Photo.objects.filter(owner=owner).order_by("pk").values_list("original_name", flat=True))


def test_shared_pictures_are_in_the_library_once(phone: Client, owner: User) -> None:
    for _ in range(2):
        files = [picture("beach.jpg"), picture("hill.jpg", "green")]
        answer = phone.post("/share/", {"files": files}, headers=FROM_THE_SHEET, follow=True)
        assert answer.redirect_chain == [("/upload/", 302)]
        assert "2 files uploaded" in answer.content.decode()
    assert names(owner) == ["beach.jpg", "hill.jpg"]
    assert not Upload.objects.exists()


def test_what_is_no_picture_is_refused_by_name_and_the_rest_comes(phone: Client, owner: User) -> None:
    files = [SimpleUploadedFile("notes.txt", b"milk"), picture("beach.jpg")]
    page = phone.post("/share/", {"files": files}, headers=FROM_THE_SHEET, follow=True).content.decode()
    assert "notes.txt: Mirage does not know this type" in page
    assert "1 file uploaded" in page
    assert names(owner) == ["beach.jpg"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_other_sites_cannot_send_pictures(phone: Client, owner: User, site: str | None) -> None:
    headers = {"Sec-Fetch-Site": site} if site else {}
    assert phone.post("/share/", {"files": picture("beach.jpg")}, headers=headers).status_code == 403
    assert names(owner) == []


def test_guests_are_told_why(phone: Client, owner: User) -> None:
    owner.set_role(Role.GUEST)
    owner.save()
    page = phone.post("/share/", {"files": picture("beach.jpg")}, headers=FROM_THE_SHEET, follow=True).content.decode()
    assert "Guests have no library" in page
    assert names(owner) == []


def test_the_anonymous_sign_in(client: Client) -> None:
    answer = client.post("/share/", {"files": picture("beach.jpg")}, headers=FROM_THE_SHEET)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert not Photo.objects.exists()


def test_looking_leads_to_the_upload_page(phone: Client) -> None:
    assert phone.get("/share/").headers["Location"] == "/upload/"
