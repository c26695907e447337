"""Who may read what the installation says about itself without signing in."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def may_measure(request: HttpRequest) -> bool:
    """Whoever has MIRAGE_METRICS_TOKEN; while there is none, programs of this machine that come without a proxy."""
    if token := settings.MIRAGE_METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
    address = request.META.get("REMOTE_ADDR", "")
    if any(header in request.headers for header in FORWARDED):
        return False  # a proxy on this machine brings requests from elsewhere
    return not address or ip_address(address).is_loopback  # empty: a unix socket
