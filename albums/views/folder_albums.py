"""Albums from folders by a rule: looked at first, made as one action, and rules that follow new folders."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from albums.models import FolderRule
from albums.rules import folders as folder_rules
from mirage.web.answers import Undo, report
from mirage.web.htmx import HtmxHttpRequest, render_page
from mirage.wording import alphabetical
from photos.gallery import folder_view

PAGE = "albums/making/from_folders.html", "albums/making/_from_folders.html"
SHOWN = 200  # albums of a preview


class RuleForm(forms.Form):
    """Which folders become albums."""

    folder = forms.ChoiceField(required=False, label=_lazy("Folders in"))
    depth = forms.TypedChoiceField(
        coerce=int,
        label=_lazy("What becomes an album"),
        choices=(
            (1, _lazy("each folder right in it")),
            (2, _lazy("each folder one level further down")),
            (3, _lazy("each folder two levels further down")),
            (0, _lazy("each folder that has photos in it")),
        ),
    )
    pattern = forms.CharField(required=False, max_length=100, label=_lazy("Only names like"))
    follow = forms.BooleanField(required=False, label=_lazy("Do the same with new folders and photos"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paths = folder_view.paths_of(user)
        upper = {"/".join(path.split("/")[:length]) for path in paths for length in (1, 2)}
        ordered = sorted(upper, key=lambda path: [alphabetical(name) for name in path.split("/")])
        above = [("", _("all folders")), *((path, path) for path in ordered)]
        asked = (self.data.get("folder") or self.initial.get("folder") or "").strip("/")
        if asked and asked not in upper and any(path.startswith(f"{asked}/") for path in paths):
            above.append((asked, asked))
        choices: Any = self.fields["folder"]
        choices.choices = above


@require_safe
def from_folders(request: HtmxHttpRequest) -> HttpResponse:
    """The rules, and a preview of the one that is asked for."""
    asked = "depth" in request.GET
    form = RuleForm(
        request.user, request.GET if asked else None, initial={"folder": request.GET.get("folder", ""), "depth": 1}
    )
    context = {"form": form, "asked": asked, "rules": folder_rules.rules_of(request.user), "most": SHOWN}
    if asked and form.is_valid():
        rule = rule_of(request, form)
        planned = folder_rules.plan(rule)
        context |= {
            "planned": planned[:SHOWN],
            "following": rule.following,
            "count": len(planned),
            "photos": sum(len(one.photos) for one in planned),
        }
    status = 422 if form.errors else 200
    return render_page(request, *PAGE, context, status=status)


@require_POST
def make_from_folders(request: HtmxHttpRequest) -> HttpResponse:
    """Make the albums of a rule. The toast can undo it."""
    form = RuleForm(request.user, request.POST)
    if not form.is_valid():
        raise Http404("no such rule")
    done = folder_rules.run(rule_of(request, form), request.user, follow=form.cleaned_data["follow"])
    undo = Undo(reverse("accounts:undo", args=[done.pk]))
    return report(request, folder_rules.sentence(done.detail), home=reverse("albums:albums"), undo=undo)


def rule_of(request: HtmxHttpRequest, form: RuleForm) -> FolderRule:
    data = form.cleaned_data
    return folder_rules.find_or_new(request.user, data["folder"], data["depth"], data["pattern"])


@require_POST
def act_on_rule(request: HtmxHttpRequest, pk: int, action: str) -> HttpResponse:
    """Follow new folders or not, or forget a rule. Its albums stay."""
    rule = get_object_or_404(FolderRule, pk=pk, owner=request.user)
    home = reverse("albums:from_folders")
    if action == "forget":
        folder_rules.forget(rule)
        return report(request, _("The rule is gone. Its albums stay as they are."), home=home)
    if action not in {"follow", "unfollow"}:
        raise Http404(f"no action {action}")
    FolderRule.objects.filter(pk=rule.pk).update(following=action == "follow")
    told = _("New folders become albums within an hour.") if action == "follow" else _("New folders are left alone.")
    return report(request, told, home=home)
