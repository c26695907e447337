"""The addresses of the calendar, of memories and of the player."""

from django.urls import URLPattern, path

from photos.views.memories import calendar, memories, play

urlpatterns: list[URLPattern] = [
    path("years/", calendar.years, name="years"),
    path("years/<int:year>/", calendar.year, name="year"),
    path("years/<int:year>/<int:month>/", calendar.month, name="month"),
    path("memories/", calendar.memories, name="memories"),
    path("memories/strip/", memories.strip, name="memories_strip"),
    path("memories/settings/", memories.settings, name="memory_settings"),
    path("memories/leave-out/", memories.leave_out, name="leave_out"),
    path("memories/show-again/<int:pk>/", memories.show_again, name="show_again"),
    path("memories/<str:key>/", memories.memory, name="memory"),
    path("memories/<str:key>/menu/", memories.menu, name="memory_menu"),
    path("play/", play.play, name="play"),
]
