"""What the fixtures of tests in a browser take for an error, and what a test leaves behind."""

from collections.abc import Callable

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from mirage.testing import emptying
from mirage.testing.browser import is_gone
from photos.models import Photo


def test_a_picture_of_a_deleted_photo_is_no_error_of_the_page(make_photo: Callable[..., Photo]) -> None:
    """The page may still have been fetching it."""
    photo = make_photo()
    said = f"Failed to load resource: status of 404 (Not Found) http://localhost/media/{photo.key}/medium.webp"
    assert not is_gone(said)
    photo.delete()
    assert is_gone(said)
    assert not is_gone(said.replace("404", "500"))
    assert not is_gone("status of 404 (Not Found) http://localhost/static/js/app.js")


@pytest.mark.django_db(transaction=True)
def test_after_a_test_with_real_transactions_only_constant_tables_have_rows(make_photo: Callable[..., Photo]) -> None:
    make_photo(title="Lisbon").delete()  # triggers have noted both
    make_photo()
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names))
        assert {name for name, rows in cursor.fetchall() if rows} == emptying.CONSTANT
    assert ContentType.objects.get_for_model(Photo)
