"""The addresses of albums."""

from django.urls import URLPattern, path

from albums.views import album, albums, selection

app_name = "albums"
urlpatterns: list[URLPattern] = [
    path("", albums.listing, name="albums"),
    path("new/", albums.create, name="create"),
    path("undo/<int:activity_id>/", albums.undo, name="undo"),
    # from a selection
    path("choose/", selection.choose, name="choose"),
    path("put/", selection.put, name="put"),
    # one album
    path("album/<key>/", album.album, name="album"),
    path("album/<key>/head/", album.head, name="head"),
    path("album/<key>/cover/", album.cover, name="cover"),
    path("album/<key>/edit/", album.edit, name="edit"),
    path("album/<key>/delete/", album.delete, name="delete"),
    path("album/<key>/remove/", album.remove, name="remove"),
    path("album/<key>/move/", album.move, name="move"),
    path("album/<key>/sort/", album.sort, name="sort"),
    path("album/<key>/heading/", album.heading, name="heading"),
]
