"""What is logged, and how: a line to standard error, which `manage.py serve` keeps in a file for each process."""

from typing import Any


def configuration(level: str = "INFO") -> dict[str, Any]:
    """Django's LOGGING. Times are local; a line with ERROR or CRITICAL also reaches the console of `serve`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{app: {"level": level} for app in ("mirage", "accounts", "photos", "people", "albums", "tags", "search")},
            # Django's own handlers are for mail and for development; a page that fails is an error, a 404 is not news
            "django": {"handlers": [], "level": "WARNING"},
            "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "django.request": {"level": "ERROR"},
        },
    }
