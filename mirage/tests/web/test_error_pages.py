"""Errors have understandable pages in Mirage's own style."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User


@pytest.mark.django_db
def test_a_missing_page_says_so(client: Client) -> None:
    client.force_login(User.objects.create_user("anna"))
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Nothing is here" in response.text


@pytest.mark.django_db
def test_a_forged_form_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "a"})
    assert response.status_code == 403
    assert "has expired" in response.text


def test_an_error_page_needs_nothing() -> None:
    assert "Your photos are safe" in render_to_string("500.html")
