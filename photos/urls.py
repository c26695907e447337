"""The addresses of the gallery."""

from django.urls import URLPattern, path

from photos.views import photo, selection, timeline

app_name = "photos"
urlpatterns: list[URLPattern] = [
    # the gallery
    path("", timeline.listing, {"name": "timeline"}, name="timeline"),
    *(
        path(f"{name}/", timeline.listing, {"name": name}, name=name)
        for name in ("recent", "favourites", "videos", "archive", "trash")
    ),
    path("months/", timeline.months, name="months"),
    path("keys/", timeline.keys, name="keys"),
    path("photo/<key>/", photo.photo, name="photo"),
    path("photo/<key>/info/", photo.info, name="info"),
    path("selection/delete/", selection.delete, name="delete"),
    path("selection/<slug:action>/", selection.act, name="selection"),
    path("trash/empty/", selection.empty_trash, name="empty_trash"),
]
