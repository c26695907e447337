"""The addresses of the gallery."""

import pytest
from django.urls import resolve, reverse

from photos.gallery.lists import LISTINGS


@pytest.mark.parametrize("name", list(LISTINGS))
def test_every_list_has_an_address_that_leads_to_it(name):
    found = resolve(reverse(f"photos:{name}"))
    assert found.kwargs.get("name", name) == name
    assert found.view_name == f"photos:{name}"


def test_a_month_is_not_taken_for_a_year():
    assert resolve("/years/2024/").view_name == "photos:year"
    assert resolve("/years/2024/5/").kwargs == {"year": 2024, "month": 5}
