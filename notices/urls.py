"""The addresses of notices."""

from django.urls import path

from notices.views import notices

app_name = "notices"
urlpatterns = [
    path("", notices.notices, name="notices"),
    path("bell/", notices.bell, name="bell"),
    path("seen/", notices.seen, name="seen"),
    path("wishes/", notices.wishes, name="wishes"),
]
