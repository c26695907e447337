"""What comes in from the browser, checked."""

import re
from typing import Any

from django import forms

KEY = re.compile(r"[A-Za-z0-9_-]{16}")


class KeysField(forms.Field):
    """The keys of photos or other things: repeated, or joined by commas so that thousands fit into a form."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        keys = [key for part in value or () for key in str(part).split(",") if key]
        if not all(KEY.fullmatch(key) for key in keys):
            raise forms.ValidationError("One of the keys is not a key.")
        return list(dict.fromkeys(keys))


class SelectionForm(forms.Form):
    """Which photos an action is for."""

    keys = KeysField(error_messages={"required": "Nothing is selected."})
