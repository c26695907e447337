"""The addresses of people."""

from django.urls import URLPattern, path

from people.views import crops, faces, people, person, review, shared

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("", people.people, name="people"),
    path("merge/", people.merge, name="merge"),
    path("history/", person.history, name="history"),
    path("selection/<slug:action>/", people.hide, name="hide"),
    path("undo/<int:activity_id>/", people.undo, name="undo"),
    path("shared/<key>/", shared.shared, name="shared"),
    # faces
    path("faces/<int:face_id>/<slug:size>.webp", crops.crop, name="crop"),
    path("faces/<slug:action>/", faces.act, name="faces_act"),
    path("photo/<key>/faces/", faces.of_photo, name="photo_faces"),
    path("photo/<key>/draw/", faces.draw, name="draw"),
    path("photo/<key>/move-box/", faces.move_box, name="move_box"),
    # the review queue
    path("review/", review.queue, name="review"),
    path("review/undo/", review.undo, name="review_undo"),
    path("review/<int:question_id>/<slug:said>/", review.answer, name="answer"),
    # one person
    path("person/<key>/", person.person, name="person"),
    path("person/<key>/head/", person.head, name="head"),
    path("person/<key>/faces/", faces.of_person, name="person_faces"),
    path("person/<key>/history/", person.history, name="person_history"),
    path("person/<key>/name/", people.name, name="name"),
    path("person/<key>/birthday/", person.birthday, name="birthday"),
    path("person/<key>/others/", people.others, name="others"),
]
