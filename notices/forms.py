"""What a user wants to be told, when neither mail nor push may come, and which browsers show it."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts.models import User
from notices.kinds import kinds_for
from notices.push_keys import is_receiver


class WishesForm(forms.Form):
    """A switch for each kind, for the bell, the mail and the push; and the quiet hours."""

    bell = forms.MultipleChoiceField(required=False)
    mail = forms.MultipleChoiceField(required=False)
    push = forms.MultipleChoiceField(required=False)
    quiet_from = forms.TimeField(
        required=False, label=_lazy("No mail and no messages from"), widget=forms.TimeInput({"type": "time"})
    )
    quiet_to = forms.TimeField(
        required=False,
        label=pgettext_lazy("no mail and no messages from … until", "until"),
        widget=forms.TimeInput({"type": "time"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("bell", "mail", "push"):
            field: Any = self.fields[name]
            field.choices = [(kind.name, kind.title) for kind in kinds_for(user)]


class PushForm(forms.Form):
    """What a browser says when it subscribes (PushSubscription of the Push API)."""

    endpoint = forms.URLField(max_length=1000, assume_scheme="https")
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)

    def clean_endpoint(self) -> str:
        endpoint: str = self.cleaned_data["endpoint"]
        try:
            parts = urlsplit(endpoint)
            is_one = parts.scheme == "https" and not parts.username and (parts.port or 443) > 0
            (parts.hostname or "").encode("idna")
        except ValueError:
            is_one = False
        if not is_one:
            raise forms.ValidationError(_("A push service has an address with https."))
        return endpoint

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not is_receiver(given["p256dh"], given["auth"]):
            raise forms.ValidationError(_("These are no keys of a browser."))
        return given
