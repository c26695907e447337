"""What the page of folders shows, the form of a new one, and what can be done with each."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from photos.ingest import in_use
from photos.ingest.browsing import Place
from photos.models import WatchedFolder

Kind = WatchedFolder.Kind
READING_SECONDS = 2


class FolderForm(forms.Form):
    """Whose photos they are, whether they are copied, and whether the folder is watched."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_lazy("Whose photos are these?"), empty_label=None)
    kind = forms.ChoiceField(choices=Kind.choices, initial=Kind.COPIED)
    watched = forms.BooleanField(required=False, initial=True, label=_lazy("Import new photos as they appear"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(is_active=True, is_guest=False).order_by("username")


def form(user: User, place: Place | None, typed: Mapping[str, str] | None = None) -> FolderForm:
    """The form, with the choices that suit the folder."""
    kind = Kind.EXPORT if place is not None and place.is_export else Kind.COPIED
    return FolderForm(typed, initial={"owner": user.pk, "kind": kind, "watched": True})


def describe() -> dict[str, Any]:
    """The folders, each with how many of its files failed."""
    rows = in_use.with_failures(in_use.all_in_use())
    reading = any(folder.is_pending for folder, _ in rows)
    return {"folders": rows, "reading": reading, "seconds": READING_SECONDS}


def read_again(folder: WatchedFolder) -> str:
    in_use.read_again(folder)
    return _("%(folder)s is read again. That starts within seconds.") % {"folder": in_use.shown(folder)}


def watch(folder: WatchedFolder) -> str:
    in_use.set_watched(folder, True)
    return _("New photos in %(folder)s are imported as they appear.") % {"folder": in_use.shown(folder)}


def stop_watching(folder: WatchedFolder) -> str:
    in_use.set_watched(folder, False)
    return _("New photos in %(folder)s are no longer imported by themselves.") % {"folder": in_use.shown(folder)}


def stop_using(folder: WatchedFolder) -> str:
    in_use.stop_using(folder)
    return _("%(folder)s is no longer in use. Its photos stay in the library.") % {"folder": in_use.shown(folder)}


ACTIONS: dict[str, Callable[[WatchedFolder], str]] = {
    "read": read_again,
    "watch": watch,
    "unwatch": stop_watching,
    "stop": stop_using,
}
