"""The entry point for gunicorn."""

import contextlib
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

# gunicorn's messages are logged like all others
for _handler in list((_log := logging.getLogger("gunicorn.error")).handlers):
    _log.removeHandler(_handler)
_log.propagate = True
