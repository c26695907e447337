"""Anna, and the pages of her as her owner asks for them."""

import pytest

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return lambda address, **headers: client.get(f"/people/person/{address}", headers=headers)


@pytest.fixture
def post(client, owner):
    client.force_login(owner)
    return lambda address, **form: client.post(f"/people/{address}", form, headers=HTMX)


@pytest.fixture
def anna(make_person, make_face):
    return make_person("Anna", [make_face(1, spread=0.2) for _ in range(4)])
