"""The addresses of WebDAV and of connected devices."""

from django.urls import path, re_path

from dav.views import webdav

app_name = "dav"
urlpatterns = [
    path("dav", webdav.dav, name="dav_without_slash"),
    re_path(r"^dav/(?P<path>.*)$", webdav.dav, name="dav"),
]
