"""What a user wants to be told, and when no mail may come."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts.models import User
from notices.kinds import kinds_for


class WishesForm(forms.Form):
    """A switch for each kind, for the bell and for the mail; and the quiet hours."""

    bell = forms.MultipleChoiceField(required=False)
    mail = forms.MultipleChoiceField(required=False)
    quiet_from = forms.TimeField(required=False, label=_lazy("No mail from"), widget=forms.TimeInput({"type": "time"}))
    quiet_to = forms.TimeField(
        required=False, label=pgettext_lazy("no mail from … until", "until"), widget=forms.TimeInput({"type": "time"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("bell", "mail"):
            field: Any = self.fields[name]
            field.choices = [(kind.name, kind.title) for kind in kinds_for(user)]
