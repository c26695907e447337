"""Saved searches: saving under a name, pinning to the rail, deleting."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from mirage.web.htmx import HtmxHttpRequest, render_page, trigger
from mirage.web.stale import fresh
from search.access import search_or_404, searches_of
from search.forms import SearchForm
from search.models import SavedSearch


@require_safe
def saved(request: HtmxHttpRequest) -> HttpResponse:
    """All of the user's saved searches."""
    return render_page(request, "search/saved.html", "search/_saved.html", {"saved": searches_of(request.user)})


@require_safe
def pinned(request: HtmxHttpRequest) -> HttpResponse:
    """The links of the rail or of the phone's menu, after a change."""
    name = "menu-link" if request.GET.get("class") == "menu-link" else "rail-link"
    context = {"saved": searches_of(request.user), "class": name}
    return render_page(request, "search/saved.html", "search/_pinned_links.html", context)


@require_POST
def keep(request: HtmxHttpRequest) -> HttpResponse:
    """Save a search under a name; an invalid form comes back with its errors."""
    form = SearchForm(request.POST, instance=SavedSearch(owner=request.user))
    if not form.is_valid():
        context = {"form": form, "search": request.POST.get("query", "")}
        return render_page(request, "search/keep.html", "search/_keep.html", context, status=422)
    made = form.save()
    if "again" in request.POST:
        return listed(request)
    if not request.htmx:
        return redirect(address_of(made))
    context = {"kept": made, "search": made.query}
    response = render(request, "search/_keep.html", context)
    return trigger(
        response,
        toast={"text": _("Saved as “%(name)s”") % {"name": made.name}},
        **{"dialog:done": {}, "searches:changed": {}},
    )


@require_POST
def change(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Change the name, query or place of a search."""
    kept = search_or_404(request.user, pk)
    shown = {field: getattr(kept, field) for field in SearchForm.Meta.fields}
    form = SearchForm(fresh(request.POST, shown, {"query": pgettext("noun", "Search")}), instance=kept)
    status = 200 if form.is_valid() else 422
    if form.is_valid():
        form.save()
    return listed(request, form if status == 422 else None, status)


@require_POST
def pin(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Pin a search to the rail, or unpin it."""
    kept = search_or_404(request.user, pk)
    kept.pinned = "pinned" in request.POST
    kept.save(update_fields=["pinned"])
    return listed(request)


@require_POST
def delete(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Delete a search. The toast can undo it."""
    kept = search_or_404(request.user, pk)
    kept.delete()
    return listed(request, gone=kept)


def listed(
    request: HtmxHttpRequest, form: SearchForm | None = None, status: int = 200, gone: SavedSearch | None = None
) -> HttpResponse:
    """The list after a change, with a toast whose Undo restores it; without HTMX the page of saved searches."""
    if not request.htmx and form is None:
        return redirect("search:saved")
    context = {"saved": searches_of(request.user), "form": form, "gone": gone}
    response = render_page(request, "search/saved.html", "search/_saved.html", context, status=status)
    return trigger(response, **{"searches:changed": {}})


def address_of(kept: SavedSearch) -> str:
    return f"{reverse('search:search')}?{urlencode({'q': kept.query})}"
