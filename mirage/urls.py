"""The addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/", include("api.urls")),
    path("people/", include("people.urls")),
    path("search/", include("search.urls")),
    path("albums/", include("albums.urls")),
    path("", include("operations.urls")),
    path("", include("photos.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/rq/", include("django_rq.urls")),
    path("admin/", admin.site.urls),
]
