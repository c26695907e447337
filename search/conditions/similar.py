"""The photos most similar to others, which are given by their keys."""

from django.db.models import Q
from django.utils.translation import gettext as _

from photos.access import visible_photos
from photos.gallery.alike.similar import NotYetKnown, to_photo
from search.compile import Compiler, any_of
from search.language.tree import Term, Value

FOUND = 200  # photos at most


def similar(compiler: Compiler, term: Term) -> Q:
    return any_of(like(compiler, value) for value in term.values)


def like(compiler: Compiler, value: Value) -> Q:
    visible = visible_photos(compiler.user).present()
    photo = visible.filter(key=value.text).first()
    if photo is None:
        return compiler.note(_("There is no photo with the key “%(key)s”.") % {"key": value.text}, value)
    try:
        hits = to_photo(photo, visible, FOUND)
    except NotYetKnown as error:
        return compiler.note(str(error), value)
    return Q(pk__in=[hit.photo.pk for hit in hits])
