"""Saved searches."""

from typing import Any

from ninja import Router, Status
from ninja.errors import HttpError

from api.auth import ApiRequest, allowed
from api.schemas.base import RowId, answers
from api.schemas.curation import SearchEdit, SearchIn, SearchList, SearchOut
from search.access import search_or_404, searches_of
from search.forms import SearchForm
from search.models import SavedSearch

router = Router(tags=["Searches"])


@router.get("", response=answers(SearchList), auth=allowed("read"), summary="List saved searches")
def saved_searches(request: ApiRequest) -> dict[str, Any]:
    """Pinned ones first. To run one: `GET /photos?query=…`."""
    return {"searches": list(searches_of(request.user))}


@router.post("", response=answers(SearchOut, 201), auth=allowed("edit"), summary="Save a search")
def save_search(request: ApiRequest, body: SearchIn) -> Status[Any]:
    """Its name must be new among your searches."""
    return Status(201, saved(SavedSearch(owner=request.user), body.model_dump()))


@router.patch("/{search}", response=answers(SearchOut), auth=allowed("edit"), summary="Change a saved search")
def edit_search(request: ApiRequest, search: RowId, body: SearchEdit) -> SavedSearch:
    """Its name, its query, or whether it is pinned."""
    found = search_or_404(request.user, search)
    before = {"name": found.name, "query": found.query, "pinned": found.pinned}
    return saved(found, before | body.model_dump(exclude_unset=True, exclude_none=True))


@router.delete("/{search}", response=answers(None, 204), auth=allowed("edit"), summary="Delete a saved search")
def delete_search(request: ApiRequest, search: RowId) -> Status[None]:
    """The photos stay in the library."""
    search_or_404(request.user, search).delete()
    return Status(204, None)


def saved(search: SavedSearch, values: dict[str, Any]) -> SavedSearch:
    """The search with these values, checked by the rules of the form on the page."""
    form = SearchForm(values, instance=search)
    if not form.is_valid():
        told = (f"{field}: {reason}" for field, reasons in form.errors.items() for reason in reasons)
        raise HttpError(422, "; ".join(told))
    return form.save()
