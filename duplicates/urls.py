"""The addresses of duplicates."""

from django.urls import URLPattern, path

from duplicates.views import many, review

app_name = "duplicates"
urlpatterns: list[URLPattern] = [
    path("", review.queue, name="queue"),
    path("exact/", review.exact, name="exact"),
    path("rules/", review.rules, name="rules"),
    path("undo/<int:pk>/", review.undo, name="undo"),
    path("many/", many.preview, name="many"),
    path("many/now/", many.resolve, name="resolve_many"),
    path("many/<int:pk>/", many.progress, name="many_progress"),
    path("many/<int:pk>/undo/", many.undo, name="undo_many"),
    path("group/<str:key>/", review.group, name="group"),
    path("group/<str:key>/<slug:act>/", review.act, name="act"),
]
