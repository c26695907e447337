"""The addresses of the search."""

from django.urls import path

from search.views import completion, results, saved, starting

app_name = "search"
urlpatterns = [
    path("", results.search, name="search"),
    path("narrow/", results.narrow, name="narrow"),
    path("complete/", completion.complete, name="complete"),
    path("nearly/", results.nearly, name="nearly"),
    # before a word is typed
    path("start/", starting.start, name="start"),
    path("recent/forget/", starting.forget_all, name="forget_all"),
    path("recent/<int:pk>/forget/", starting.forget, name="forget"),
    # searches that are kept
    path("saved/", saved.saved, name="saved"),
    path("saved/pinned/", saved.pinned, name="pinned"),
    path("saved/keep/", saved.keep, name="keep"),
    path("saved/<int:pk>/change/", saved.change, name="change"),
    path("saved/<int:pk>/pin/", saved.pin, name="pin"),
    path("saved/<int:pk>/delete/", saved.delete, name="delete"),
]
