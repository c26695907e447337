"""The addresses of switches, in the administration."""

from django.urls import path

from switching.views import administration

app_name = "switching"
urlpatterns = [
    path("", administration.switches, name="switches"),
    path("begin/", administration.begin, name="begin"),
    path("<str:key>/", administration.switch, name="switch"),
    path("<str:key>/bring/", administration.bring, name="bring"),
    path("<str:key>/undo/", administration.undo, name="undo"),
    path("<str:key>/discard/", administration.discard, name="discard"),
]
