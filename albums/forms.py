"""The terms of a public link, as its form says them."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from albums.public.links import Terms

MB = 1_000_000


class LinkForm(forms.Form):
    """A field left empty sets no limit; `password` left empty keeps the one there is unless `no_password` is ticked."""

    name = forms.CharField(max_length=255, required=False)
    password = forms.CharField(max_length=128, required=False, strip=False)
    no_password = forms.BooleanField(required=False)
    expires = forms.DateField(required=False)
    view_limit = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)
    allow_download = forms.BooleanField(required=False)
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
            raise forms.ValidationError("That day is over already.")
        return end

    def terms(self) -> Terms:
        """Only when valid."""
        told: dict[str, Any] = self.cleaned_data
        limit = told["upload_limit_mb"]
        return Terms(
            name=told["name"].replace("\0", ""),
            password="" if told["no_password"] else told["password"] or None,
            expires_at=told["expires"],
            view_limit=told["view_limit"],
            allow_download=told["allow_download"],
            show_metadata=told["show_metadata"],
            show_place=told["show_place"],
            allow_upload=told["allow_upload"],
            upload_limit_bytes=limit * MB if limit else None,
        )
