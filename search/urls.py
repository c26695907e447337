"""The addresses of the search."""

from django.urls import path

from search.views import completion, results, saved

app_name = "search"
urlpatterns = [
    path("", results.search, name="search"),
    path("narrow/", results.narrow, name="narrow"),
    path("complete/", completion.complete, name="complete"),
    # saved searches
    path("saved/", saved.saved, name="saved"),
    path("saved/pinned/", saved.pinned, name="pinned"),
    path("saved/keep/", saved.keep, name="keep"),
    path("saved/<int:pk>/change/", saved.change, name="change"),
    path("saved/<int:pk>/pin/", saved.pin, name="pin"),
    path("saved/<int:pk>/delete/", saved.delete, name="delete"),
]
