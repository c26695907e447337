"""Who may read the metrics without signing in."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.security.origin import FORWARDED


def may_measure(request: HttpRequest) -> bool:
    """Whether the request has MIRAGE_METRICS_TOKEN or, if that is not set, comes directly from this machine."""
    if token := settings.MIRAGE_METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")
    address = request.META.get("REMOTE_ADDR", "")
    if any(header in request.headers for header in FORWARDED):
        return False  # a proxy on this machine forwards requests from elsewhere
    return not address or ip_address(address).is_loopback  # empty: a unix socket
