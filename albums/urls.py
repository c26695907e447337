"""The addresses of albums."""

from django.urls import URLPattern, path

from albums.views import album, albums, folder_albums, links, picker, selection, sharing, suggestions

app_name = "albums"
urlpatterns: list[URLPattern] = [
    path("", albums.listing, name="albums"),
    path("new/", albums.create, name="create"),
    path("undo/<int:activity_id>/", albums.undo, name="undo"),
    path("suggestions/", suggestions.listing, name="suggestions"),
    path("make/", suggestions.make, name="make"),
    path("from-folders/", folder_albums.from_folders, name="from_folders"),
    path("from-folders/make/", folder_albums.make_from_folders, name="make_from_folders"),
    path("from-folders/<int:pk>/<slug:action>/", folder_albums.act_on_rule, name="act_on_rule"),
    # from a selection
    path("choose/", selection.choose, name="choose"),
    path("put/", selection.put, name="put"),
    path("rail/", selection.rail, name="rail"),
    # sharing
    path("sharing/", sharing.overview, name="sharing"),
    path("sharing/partner/", sharing.partner, name="partner"),
    path("sharing/timeline/", sharing.on_timeline, name="on_timeline"),
    path("links/", links.begin, name="begin_link"),
    path("links/make/", links.make, name="make_link"),
    path("links/<key>/edit/", links.edit, name="edit_link"),
    path("links/<key>/revoke/", links.revoke, name="revoke_link"),
    # one album
    path("album/<key>/", album.album, name="album"),
    path("album/<key>/add/", picker.add, name="add"),
    path("album/<key>/add/keys/", picker.add_keys, name="add_keys"),
    path("album/<key>/head/", album.head, name="head"),
    path("album/<key>/cover/", album.cover, name="cover"),
    path("album/<key>/sharing/", sharing.of_album, name="sharing_of"),
    path("album/<key>/link/", sharing.make_link, name="link_to"),
    path("album/<key>/share/", sharing.share, name="share"),
    path("album/<key>/leave/", sharing.leave, name="leave"),
    path("album/<key>/download/", album.download, name="download"),
    path("album/<key>/edit/", album.edit, name="edit"),
    path("album/<key>/delete/", album.delete, name="delete"),
    path("album/<key>/remove/", album.remove, name="remove"),
    path("album/<key>/move/", album.move, name="move"),
    path("album/<key>/sort/", album.sort, name="sort"),
    path("album/<key>/heading/", album.heading, name="heading"),
]
