"""The addresses of teaching tags."""

from django.urls import URLPattern, path

from tags.views import teaching

app_name = "teach"
urlpatterns: list[URLPattern] = [
    path("", teaching.overview, name="overview"),
    path("<int:tag_id>/", teaching.review, name="tag"),
    path("<int:tag_id>/undo/", teaching.undo, name="undo"),
    path("<int:tag_id>/apply/", teaching.apply, name="apply"),
    path("<int:tag_id>/<key>/<slug:said>/", teaching.answer, name="answer"),
]
