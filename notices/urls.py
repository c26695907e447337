"""The addresses of notices."""

from django.urls import path

from notices.views import notices, push

app_name = "notices"
urlpatterns = [
    path("", notices.notices, name="notices"),
    path("bell/", notices.bell, name="bell"),
    path("seen/", notices.seen, name="seen"),
    path("wishes/", notices.wishes, name="wishes"),
    path("push/", push.subscribe, name="push"),
    path("push/end/", push.unsubscribe, name="push_end"),
    path("push/<int:pk>/end/", push.unsubscribe, name="push_end_of"),
    path("push/<int:pk>/greet/", push.greet, name="push_greet"),
]
