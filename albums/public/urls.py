"""The addresses of public links, below /s/."""

from django.urls import URLPattern, path

from albums.views import guest

app_name = "guest"
urlpatterns: list[URLPattern] = [
    path("<str:token>/", guest.page, name="page"),
    path("<str:token>/open/", guest.unlock, name="unlock"),
    path("<str:token>/play/", guest.play, name="play"),
    path("<str:token>/keys/", guest.keys, name="keys"),
    path("<str:token>/photo/<key>/", guest.photo, name="photo"),
    path("<str:token>/media/<key>/<slug:size>.webp", guest.thumbnail, name="thumbnail"),
    path("<str:token>/media/<key>/video.mp4", guest.video, name="video"),
    path("<str:token>/media/<key>/stream/video.m3u8", guest.playlist, name="stream"),
    path("<str:token>/media/<key>/stream/<slug:quality>.m3u8", guest.playlist, name="stream_quality"),
    path("<str:token>/media/<key>/stream/<slug:quality>/<int:number>.ts", guest.segment, name="stream_segment"),
    path("<str:token>/media/<key>/original", guest.original, name="original"),
    path("<str:token>/media/<key>/download", guest.download, name="download"),
    path("<str:token>/download/", guest.download_all, name="download_all"),
    path("<str:token>/upload/", guest.upload, name="upload"),
]
