"""Mirage's addresses, and a bare view of Django that selects one row: what any page costs at least."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    from photos.models import Photo

    return HttpResponse(Photo.objects.values_list("key", flat=True)[0])


urlpatterns: list[URLPattern | URLResolver] = [path("bare/", bare), path("", include("mirage.urls"))]
