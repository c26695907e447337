"""The entry point for gunicorn."""

import contextlib
import gc
import logging
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mirage.settings")

application = get_wsgi_application()


def refresh_settings() -> None:
    """Bring settings that were changed in the page into force before the first request."""
    from django.db import DatabaseError, connections

    from mirage import changeable

    with contextlib.suppress(DatabaseError):  # the requests will tell
        changeable.refresh(force=True)
    connections.close_all()


refresh_settings()


def settle() -> None:
    """Load all views now, and let the garbage collector look at nothing of what stays as long as the process.

    A look at the quarter of a million objects of a warm process takes 150 ms, in the middle of some page.
    """
    from django.urls import get_resolver

    get_resolver().reverse_dict  # noqa: B018 - reading it imports every view
    gc.collect()
    gc.freeze()


settle()

# gunicorn's messages are logged like all others
for _handler in list((_log := logging.getLogger("gunicorn.error")).handlers):
    _log.removeHandler(_handler)
_log.propagate = True
