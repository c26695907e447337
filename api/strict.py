"""What no operation knows is refused: a misspelt parameter would otherwise be passed over, and everything be listed.

Bodies refuse unknown fields by their schemas (api/schemas/base.Input).
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError


def takes_what_it_knows(function: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that answers 422 to parameters, fields of a form and files that it does not know."""

    @wraps(function)
    def checked(request: HttpRequest, *args: Any, **values: Any) -> Any:
        sources: dict[str, Iterable[str]] = {"query": request.GET}
        if known_names(function, "form") | known_names(function, "file"):
            sources |= {"form": request.POST, "file": request.FILES}
        for source, given in sources.items():
            refuse_unknown(given, known_names(function, source))
        return function(request, *args, **values)

    return checked


def known_names(function: Callable[..., Any], source: str) -> set[str]:
    """The names of the operation's parameters from there."""
    models = function._ninja_operation.models  # type: ignore[attr-defined]
    sent = (model for model in models if model.__ninja_param_source__ == source)
    return {name for model in sent for name in getattr(model, "__ninja_flatten_map__", model.model_fields)}


def refuse_unknown(given: Iterable[str], known: set[str]) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise HttpError(422, "; ".join(f"{name[:80]}: there is no such field" for name in unknown[:5]))
