"""The addresses of the site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from mirage.web import installing, views

# The administration's own sign-in has neither lockout nor second factor.
SIGN_IN = RedirectView.as_view(pattern_name="accounts:login", query_string=True)

urlpatterns = [
    path("api/", include("api.urls")),
    path("palette/", views.find, name="palette"),
    path("people/", include("people.urls")),
    path("search/", include("search.urls")),
    path("teach/", include("tags.teaching_urls")),
    path("tags/", include("tags.urls")),
    path("albums/", include("albums.urls")),
    path("s/", include("albums.public.urls")),
    path("takeout/", include("takeout.urls")),
    path("", include("dav.urls")),
    path("notices/", include("notices.urls")),
    path("administration/bring/", include("switching.urls")),
    path("bring/", include("switching.own_urls")),
    path("", include("operations.urls")),
    path("duplicates/", include("duplicates.urls")),
    path("", include("photos.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.security.two_factor_urls")),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("service-worker.js", installing.service_worker, name="service_worker"),
    path("offline/", installing.offline, name="offline"),
    path("session/", installing.session, name="session"),
    path("admin/login/", login_not_required(SIGN_IN), name="administration_login"),
    path("admin/rq/", include("django_rq.urls")),
    path("admin/", admin.site.urls),
]
