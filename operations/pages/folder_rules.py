"""What the page of a folder's patterns shows and saves."""

import time
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from mirage.refusals import NotPossible
from mirage.wording import Words, number_in_words
from photos.ingest import in_use, pattern_preview, patterns
from photos.ingest.patterns import Rules
from photos.models import WatchedFolder

TIMES = (
    ("", _lazy("once a day, if it is watched")),
    ("0 * * * *", _lazy("every hour")),
    ("0 3 * * *", _lazy("every night at three")),
    ("0 3 * * 0", _lazy("on Sundays at three in the night")),
)


class RulesForm(forms.Form):
    """What is read of a folder in use, and when."""

    leave_out = forms.CharField(
        required=False, max_length=20_000, label=_lazy("Leave out"), widget=forms.Textarea({"rows": 5, "dir": "ltr"})
    )
    only = forms.CharField(required=False, max_length=20_000, label=_lazy("Only these"),
                           widget=forms.Textarea({"rows": 3, "dir": "ltr"}))  # fmt: skip
    read_at = forms.ChoiceField(required=False, label=_lazy("Read all of it"))
    read_only = forms.BooleanField(required=False, label=_lazy("Never write sidecars into this folder"))

    def __init__(self, folder: WatchedFolder, typed: Mapping[str, str] | None = None) -> None:
        now = {name: getattr(folder, name) for name in ("leave_out", "only", "read_at", "read_only")}
        super().__init__(typed, initial=now)
        times: dict[str, Words] = dict(TIMES)
        times.setdefault(folder.read_at, folder.read_at)  # set by the command
        read_at: Any = self.fields["read_at"]
        read_at.choices = list(times.items())
        for name in ("leave_out", "only"):
            self.fields[name].widget.attrs |= {"aria-describedby": f"{name}-told", "spellcheck": "false"}

    def clean_leave_out(self) -> str:
        return readable(self.cleaned_data["leave_out"])

    def clean_only(self) -> str:
        return readable(self.cleaned_data["only"])


def readable(text: str) -> str:
    """Patterns as they are kept. Raises ValidationError, which names the line that is none."""
    try:
        return patterns.clean(text)
    except NotPossible as error:
        raise forms.ValidationError(str(error)) from error


def rules_page(folder: WatchedFolder, form: RulesForm, user: User) -> dict[str, Any]:
    """The form of a folder, how many photos of the library match and, if asked for, a look at what is left out."""
    looked = form.is_bound and form.is_valid()
    rules = patterns.rules_of(folder)
    if looked:
        rules = Rules(rules.root, form.cleaned_data["leave_out"], form.cleaned_data["only"])
    context = {"folder": folder, "form": form, "mine": folder.owner_id == user.pk, "looked": looked}
    if looked or rules.leave_out or rules.only:
        until = time.monotonic() + pattern_preview.SECONDS
        here = len(pattern_preview.already_here(folder, rules, until))
        more = "+" if time.monotonic() > until else ""
        context |= {"here": here, "here_shown": number_in_words(here) + more}
    return context | {"preview": pattern_preview.preview(folder, rules)} if looked else context


def save_rules(folder: WatchedFolder, form: RulesForm) -> str:
    """Save what is read of a folder. Returns what happens now."""
    in_use.choose(folder, **form.cleaned_data)
    return _("Saved. What is in the library already stays there.")
