"""The viewer plays an edited video only if the edit made one."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from photos.gallery.viewer import viewer_context
from photos.models import Photo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("seconds", "source"), [(None, "original"), (2.5, "video")])
def test_a_video_with_another_poster_is_played_as_it_came(
    make_photo: Callable[..., Photo], rf: RequestFactory, seconds: float | None, source: str
) -> None:
    photo = make_photo(kind="video", media_type="video/mp4", rendition="abc", shown_duration=seconds)
    request = rf.get("/")
    request.user, request.htmx = photo.owner, None  # type: ignore[attr-defined]
    context = viewer_context(request, photo)  # type: ignore[arg-type]
    assert context["edited_video"] == (seconds is not None)
    shown = render_to_string("photos/viewer/_viewer.html", context, request)
    assert f'src="{reverse(f"photos:{source}", args=[photo.key])}' in shown


@pytest.mark.parametrize(("seconds", "shown"), [(None, "1:15"), (5.0, "0:05")])
def test_a_stack_tells_the_length_of_what_is_shown(
    make_photo: Callable[..., Photo], seconds: float | None, shown: str
) -> None:
    photo = make_photo(kind="video", duration=75.0, rendition="abc", shown_duration=seconds, displayable=True)
    assert shown in render_to_string("photos/viewer/_stack.html", {"stacked": [photo], "photo": photo})
