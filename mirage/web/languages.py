"""What Mirage says, in the language of whoever reads it: the account's, else the browser's, else MIRAGE_LANGUAGE."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from accounts.models import User
from mirage.web.kept_sentences import in_language as in_language

ENGLISH = "en"


def spoken() -> dict[str, str]:
    """The languages that can be chosen, with their own names: English, and those whose catalogue is compiled."""
    return _spoken(tuple(map(tuple, settings.LANGUAGES)), tuple(settings.LOCALE_PATHS))


@cache
def _spoken(languages: tuple[tuple[str, str], ...], folders: tuple[Path, ...]) -> dict[str, str]:
    files = {code: Path(translation.to_locale(code), "LC_MESSAGES", "django.mo") for code, _ in languages}
    compiled = {code for code, file in files.items() if any((Path(folder) / file).is_file() for folder in folders)}
    return {code: name for code, name in languages if code in compiled | {ENGLISH}}


def of_browser(accepted: str) -> str:
    """The first language of an Accept-Language header that Mirage speaks, else that of the installation."""
    for wanted, _ in parse_accept_lang_header(accepted.lower()):
        try:
            code = get_supported_language_variant(wanted) if wanted != "*" else ""
        except LookupError:
            continue
        if code in spoken():
            return code
    return of_installation()


def of_installation() -> str:
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in spoken() else ENGLISH


def of_user(user: User | AnonymousUser | None, accepted: str = "") -> str:
    """The language that a user has chosen, else the browser's. For mails and notices there is no browser to ask."""
    chosen = getattr(user, "language", "")
    return chosen if chosen in spoken() else of_browser(accepted)


def speaking_to(user: User) -> translation.override:
    """In this context everything is said in the user's language: with speaking_to(user): …"""
    return translation.override(of_user(user))


def written(code: str) -> str:
    """A language's code as pages and headers write it: pt-BR, zh-Hans."""
    language, _, variety = code.partition("-")
    return f"{language}-{variety.title() if len(variety) == 4 else variety.upper()}" if variety else language


def words_address() -> str:
    """Where the words of scripts in the language of this answer are; empty for English."""
    language = translation.get_language() or ENGLISH
    if language == ENGLISH or language not in spoken():
        return ""
    try:
        return static(f"words/{language}.js")
    except ValueError:  # it is not among the static files that were collected
        return ""


class LanguageMiddleware:
    """Answers in the language of whoever asks, and says which one it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without a cookie nobody is signed in, and the session need not be asked.
        user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        language = of_user(user, accepted)
        if getattr(user, "language", "") == language:  # the names of places follow it too
            request.META["HTTP_ACCEPT_LANGUAGE"] = ", ".join(filter(None, (language, accepted)))
            request.__dict__.pop("headers", None)  # they were read before
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language() or ENGLISH
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith(("text/html", "application/json")):
                response.headers.setdefault("Content-Language", written(request.LANGUAGE_CODE))
                patch_vary_headers(response, ("Accept-Language",))
            return response
