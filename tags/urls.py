"""The addresses of tags. Those of teaching are in teaching_urls.py."""

from django.urls import URLPattern, path

from tags.views import selection, tags

app_name = "tags"
urlpatterns: list[URLPattern] = [
    path("", tags.listing, name="tags"),
    path("add/", tags.add, name="add"),
    path("undo/<int:activity_id>/", tags.undo, name="undo"),
    path("choose/", selection.choose, name="choose"),
    path("put/", selection.put, name="put"),
    path("<int:pk>/", tags.tag, name="tag"),
    path("<int:pk>/menu/", tags.menu, name="menu"),
    path("<int:pk>/change/", tags.change, name="change"),
]
