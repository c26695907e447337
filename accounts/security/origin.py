"""Where a request comes from."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")


def address_of(request: HttpRequest) -> str | None:
    """The client's address. Behind MIRAGE_PROXIES proxies, it is the address that our outermost proxy saw.

    Entries further left in X-Forwarded-For may come from the client itself and are ignored.
    """
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    hops.append(request.META.get("REMOTE_ADDR", ""))
    address = hops[max(0, len(hops) - 1 - settings.MIRAGE_PROXIES)]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def network_of(address: str) -> str:
    """What is locked out together: an IPv4 address, or the IPv6 /64 of a household."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return address


def agent_of(request: HttpRequest) -> str:
    """What the browser or program calls itself."""
    return request.headers.get("User-Agent", "").replace("\0", "")[:200]


def host_is_loopback(request: HttpRequest) -> bool:
    """Whether the page was opened by a name that means this machine, such as localhost."""
    return is_loopback(urlsplit(f"//{request.get_host()}").hostname or "")


def is_loopback(address: str) -> bool:
    """Whether the address or name means this machine."""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_private(request: HttpRequest) -> bool:
    """Whether nobody can listen: HTTPS, or a client on this machine."""
    if request.is_secure():
        return True
    address = address_of(request)
    return address is not None and ipaddress.ip_address(address).is_loopback
