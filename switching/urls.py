"""The addresses of switches, in the administration."""

from django.urls import path

from switching import views

app_name = "switching"
urlpatterns = [
    path("", views.switches, name="switches"),
    path("begin/", views.begin, name="begin"),
    path("<str:key>/", views.switch, name="switch"),
    path("<str:key>/bring/", views.bring, name="bring"),
    path("<str:key>/undo/", views.undo, name="undo"),
    path("<str:key>/discard/", views.discard, name="discard"),
]
