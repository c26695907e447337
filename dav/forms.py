"""Connecting a device, and what happens to what it sends."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts.models import User
from albums.access import shared_roles
from albums.models import Album, Role
from dav.models import Device

ADD, SEE, ALL = "add", "see", "all"
SCOPES = {ADD: ["upload"], SEE: ["read", "upload"], ALL: ["read", "upload", "edit"]}
MAY = [
    (ADD, _lazy("Add photos, and nothing else")),
    (SEE, _lazy("Add photos and see your library")),
    (ALL, _lazy("Also move photos to the trash")),
]


def targets_of(user: User) -> QuerySet[Album]:
    """The albums that the user may add photos to: their own, and shared ones that take theirs."""
    shared = [album for album, role in shared_roles(user).items() if role >= Role.CONTRIBUTOR]
    albums = Album.objects.filter(Q(owner=user) | Q(pk__in=shared), kind=Album.Kind.MANUAL)
    return albums.select_related("owner").order_by("name", "pk")


class AlbumField(forms.ModelChoiceField):
    """One of the user's albums, or one of somebody else's with the name of who owns it."""

    user: User

    def label_from_instance(self, album: Any) -> str:
        return album.name if album.owner_id == self.user.pk else f"{album.name} ({album.owner.username})"


class TargetForm(forms.Form):
    """What happens to what a device sends."""

    name = forms.CharField(
        max_length=120,
        label=pgettext_lazy("of a device", "Name"),
        help_text=_lazy("This is how you will recognise it in the list."),
    )
    album = AlbumField(
        None, required=False, label=_lazy("Also put its photos into an album"), empty_label=_lazy("No album")
    )
    folders_as_albums = forms.BooleanField(required=False, label=_lazy("Make an album of each folder it sends"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["album"]
        field.user, field.queryset = user, targets_of(user)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        if not name:
            raise ValidationError(_("Give it a name."))
        return name


class ConnectForm(TargetForm):
    """A new device: which app is on it, and what it may do."""

    app = forms.ChoiceField(choices=Device.App.choices, initial=Device.App.PHOTOSYNC, label=_lazy("App on the phone"))
    may = forms.ChoiceField(choices=MAY, initial=SEE, label=pgettext_lazy("device", "It may"))
    field_order = ("name", "app", "may", "album", "folders_as_albums")
