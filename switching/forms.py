"""The form of a new switch."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from switching.looking import chosen
from switching.readers import READERS


class OwnSwitchForm(forms.Form):
    """Which program, and which of the files that were uploaded."""

    program = forms.ChoiceField(choices=[], label=_lazy("The program"))
    account = forms.CharField(required=False, max_length=255)
    upload = forms.CharField(max_length=16, error_messages={"required": _lazy("Choose a file to upload first.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        program: Any = self.fields["program"]
        program.choices = [(key, reader.program) for key, reader in READERS.items()]

    @property
    def problem(self) -> str:
        """The first thing that is wrong, in words."""
        for errors in self.errors.values():
            return str(errors[0])
        return ""


class SwitchForm(OwnSwitchForm):
    """Which program, whose library, and where it lies: on this machine, or in a file that is uploaded."""

    owner = forms.ModelChoiceField(User.objects.none(), label=_lazy("To whose library?"), empty_label=None)
    upload = forms.CharField(required=False, max_length=16)
    path = forms.CharField(required=False, max_length=1024)
    file = forms.FileField(required=False, allow_empty_file=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = User.objects.filter(is_active=True, is_guest=False).order_by("username")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = (data.get("path") or "").strip()
        if typed and (path := chosen(typed)) is None:
            raise forms.ValidationError(
                _("There is no such file in the folders that may be chosen. MIRAGE_FOLDERS says which they are.")
            )
        if not typed and not data.get("file") and not data.get("upload"):
            raise forms.ValidationError(_("Say where the library lies, or choose a file to upload."))
        data["found"] = path if typed else None
        return data
