"""The addresses of switches to one's own library."""

from django.urls import path

from switching.views import own

app_name = "bringing"
urlpatterns = [
    path("", own.switches, name="switches"),
    path("files/", own.files, name="files"),
    path("begin/", own.begin, name="begin"),
    path("<str:key>/", own.switch, name="switch"),
    path("<str:key>/bring/", own.bring, name="bring"),
    path("<str:key>/undo/", own.undo, name="undo"),
    path("<str:key>/discard/", own.discard, name="discard"),
]
