"""The addresses of exports that are uploaded."""

from django.urls import path

from takeout import views

app_name = "takeout"
urlpatterns = [
    path("", views.export, name="export"),
    path("files/", views.files, name="files"),
    path("import/", views.import_parts, name="import"),
]
