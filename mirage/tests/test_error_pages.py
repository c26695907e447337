"""Errors are pages of ours, in words, for everybody."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User


@pytest.mark.django_db
def test_what_is_not_there_says_so(client: Client) -> None:
    client.force_login(User.objects.create_user("anna"))
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Nothing is here" in response.text


@pytest.mark.django_db
def test_a_forged_form_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"username": "a"})
    assert response.status_code == 403
    assert "has expired" in response.text


def test_a_fault_needs_nothing_to_be_told() -> None:
    assert "Your photos are safe" in render_to_string("500.html")
