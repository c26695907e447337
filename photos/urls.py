"""The addresses of the gallery."""

from django.urls import URLPattern, path

from photos.views import (
    activity,
    attention,
    comments,
    edit,
    explore,
    library,
    map,
    media,
    photo,
    picture,
    seen,
    selection,
    share_target,
    similar,
    stacks,
    timeline,
    tus,
    upload,
    welcome,
    writing,
)
from photos.views.memories.urls import urlpatterns as memory_urls

app_name = "photos"
urlpatterns: list[URLPattern] = [
    # media
    path("media/<str:key>/<slug:size>.webp", media.thumbnail, name="thumbnail"),
    path("media/<str:key>/original", media.original, name="original"),
    path("media/<str:key>/edited", media.edited, name="edited"),
    path("media/<str:key>/video.mp4", media.video, name="video"),
    path("media/<str:key>/stream/video.m3u8", media.playlist, name="stream"),
    path("media/<str:key>/stream/<slug:quality>.m3u8", media.playlist, name="stream_quality"),
    path("media/<str:key>/stream/<slug:quality>/<int:number>.ts", media.segment, name="stream_segment"),
    path("media/<str:key>/download", media.download, name="download"),
    path("selection/download/", media.download_selection, name="download_selection"),
    # uploads
    path("upload/", upload.upload, name="upload"),
    path("upload/check/", upload.check, name="upload_check"),
    path("upload/back/", upload.back, name="upload_back"),
    path("upload/sidecar/", upload.sidecar, name="upload_sidecar"),
    path("upload/files/", tus.files, name="tus"),
    path("upload/files/<str:key>/", tus.file, name="tus_file"),
    path("upload/files/<str:key>/finish/", upload.finish, name="upload_finish"),
    path("share/", share_target.receive, name="share_target"),
    path("welcome/", welcome.welcome, name="welcome"),
    # activity
    path("attention/", attention.listing, name="attention"),
    path("attention/<slug:action>/", attention.act, name="attention_act"),
    path("activity/", activity.activity, name="activity"),
    # editing
    path("photo/<key>/edit/", edit.edit, name="edit"),
    path("photo/<key>/tags/", edit.tags, name="tags"),
    path("selection/stack/", stacks.stack, name="stack"),
    path("photo/<key>/unstack/", stacks.unstack, name="unstack"),
    path("photo/<key>/cover/", stacks.cover, name="cover"),
    path("stacks/undo/<int:pk>/", stacks.undo, name="undo_stack"),
    path("selection/edit/", edit.edit_selection, name="edit_selection"),
    path("selection/files/<slug:action>/", writing.act, name="write_files"),
    path("selection/turn/", edit.turn, name="turn"),
    path("photo/<key>/picture/", picture.editor, name="picture_editor"),
    path("photo/<key>/picture/save/", picture.save, name="save_picture"),
    path("photo/<key>/picture/auto/", picture.auto, name="auto_picture"),
    path("photo/<key>/picture/unedited.webp", picture.unedited, name="unedited"),
    path("photo/<key>/rendition/", picture.rendition, name="rendition"),
    path("selection/paste-edit/", picture.paste, name="paste_edit"),
    path("changes/<int:pk>/", edit.progress, name="change"),
    path("changes/<int:pk>/undo/", edit.undo, name="undo"),
    # comments
    path("photo/<key>/comments/", comments.of_photo, name="comments"),
    path("comments/<int:pk>/edit/", comments.edit, name="edit_comment"),
    path("comments/<int:pk>/remove/", comments.remove, name="remove_comment"),
    path("comments/restore/<int:activity_id>/", comments.restore, name="restore_comment"),
    # the map
    path("map/", map.page, name="map"),
    path("map/clusters/", map.clusters, name="map_clusters"),
    path("map/photos/", map.photos, name="map_photos"),
    path("towns/", map.towns, name="towns"),
    path("countries/", map.countries, name="countries"),
    # the calendar, memories, the player
    *memory_urls,
    # ways into the library
    path("explore/", explore.explore, name="explore"),
    path("library/", library.library, name="library"),
    path("folders/", library.folders, name="folders"),
    path("folder-cover/", library.choose_cover, name="folder_cover"),
    path("folders/<path:path>/", library.folder, name="folder"),
    path("tidy/", library.tidy_up, name="tidy_up"),
    path("storage/", library.storage, name="storage"),
    # similar photos
    path("photo/<key>/similar/", similar.of_photo, name="similar"),
    path("similar/", similar.search, name="search_by_picture"),
    path("similar/<key>/", similar.of_picture, name="picture"),
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
    path("photo/<key>/boxes/", seen.boxes, name="boxes"),
    path("photo/<key>/labels/", seen.wanted, name="labels_wanted"),
    path("selection/delete/", selection.delete, name="delete"),
    path("selection/<slug:action>/", selection.act, name="selection"),
    path("trash/empty/", selection.empty_trash, name="empty_trash"),
]
