"""The form for the terms of a public link."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from albums.models import ShareLink
from albums.public.links import Terms

MB = 1_000_000
# in forms and in terms
SAME = ("view_limit", "allow_download", "allow_originals", "show_metadata", "show_place", "allow_upload")
LABELS = {
    "name": _lazy("Title guests see"),
    "expires": _lazy("Open until"),
    "view_limit": _lazy("Visit limit"),
    "upload_limit_mb": _lazy("At most, in MB"),
}


class LinkForm(forms.Form):
    """An empty field means no limit. An empty `password` keeps the current one unless `no_password` is ticked."""

    name = forms.CharField(max_length=255, required=False)
    password = forms.CharField(max_length=128, required=False, strip=False)
    no_password = forms.BooleanField(required=False)
    expires = forms.DateField(required=False)
    view_limit = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)
    allow_download = forms.BooleanField(required=False)
    allow_originals = forms.BooleanField(required=False)
    show_metadata = forms.BooleanField(required=False)
    show_place = forms.BooleanField(required=False)
    allow_upload = forms.BooleanField(required=False)
    upload_limit_mb = forms.IntegerField(min_value=1, max_value=10_000_000, required=False)

    def clean_expires(self) -> datetime | None:
        day = self.cleaned_data["expires"]
        if day is None:
            return None
        end = datetime.combine(day, time.max, tzinfo=UTC)
        if end <= timezone.now():
            raise forms.ValidationError(_("That day is already over."))
        return end

    def terms(self) -> Terms:
        """The terms of a valid form."""
        values: dict[str, Any] = self.cleaned_data
        limit = values["upload_limit_mb"]
        return Terms(
            name=values["name"].replace("\0", ""),
            password="" if values["no_password"] else values["password"] or None,
            expires_at=values["expires"],
            upload_limit_bytes=limit * MB if limit else None,
            **{name: values[name] for name in SAME},
        )


def initial_values(link: ShareLink) -> dict[str, Any]:
    """The link's terms as the form shows them."""
    limit = link.upload_limit_bytes
    return {name: getattr(link, name) for name in ("name", *SAME)} | {
        "expires": link.expires_at.date() if link.expires_at else None,
        "upload_limit_mb": limit // MB if limit else None,
    }
