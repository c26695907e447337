"""Web push: a notice as a message of the phone or computer, although no page of Mirage is open (RFC 8030, 8291, 8292).

The browser's maker carries the message and cannot read it: it is encrypted for the browser. Only workers import this
module.
"""

import ipaddress
import json
import logging
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from py_vapid import Vapid, VapidException
from pywebpush import WebPushException, webpush

from mirage.web import languages
from mirage.web.languages import in_language
from notices.access import NEWS, wishes_of
from notices.mailing import is_quiet
from notices.models import Notice, PushSubscription
from notices.push_keys import mark_of, raw_private_key

log = logging.getLogger(__name__)

SECONDS = 10  # that a push service has to answer
GONE = {401, 403, 404, 410}  # the browser has unsubscribed, or knows another key of ours


class NotPublic(Exception):
    """The address of a push service lies in a private network."""


def push(notice_id: int) -> None:
    """Job: push one notice, unless the user does not want to hear anything at this hour."""
    notice = Notice.objects.select_related("user").filter(pk=notice_id, by_push=True, pushed_at=None).first()
    if notice is not None and not is_quiet(wishes_of(notice.user), timezone.now()):
        push_now(notice)


def push_now(notice: Notice) -> None:
    """Push it to all of the user's browsers. If a push service does not answer and no other did, it waits."""
    with languages.speaking_to(notice.user):
        body = {"body": in_language(notice.text), "url": notice.address, "tag": f"notice-{notice.pk}"}
        outcomes = [deliver(each, body) for each in notice.user.push_subscriptions.all()]
    if not outcomes or any(outcomes):
        Notice.objects.filter(pk=notice.pk).update(pushed_at=timezone.now())


def greet(subscription_id: int) -> None:
    """Job: the first message, which shows that messages arrive."""
    subscription = PushSubscription.objects.select_related("user").filter(pk=subscription_id).first()
    if subscription is not None:
        with languages.speaking_to(subscription.user):
            text = _("Mirage tells you here from now on.")
            deliver(subscription, {"body": text, "url": reverse("notices:notices"), "tag": "greeting"})


def deliver(subscription: PushSubscription, body: dict[str, str]) -> bool:
    """Give one message to the browser's push service. False where it may be tried again later."""
    try:
        insist_on_public(subscription.endpoint)
        webpush(
            {"endpoint": subscription.endpoint, "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth}},
            json.dumps({"title": "Mirage", **body}, ensure_ascii=False),
            vapid_private_key=_key(),
            vapid_claims={"sub": subscription.site},
            timeout=SECONDS,
            ttl=int(NEWS.total_seconds()),
            requests_session=_session(),
        )
    except WebPushException as problem:
        return refused(subscription, problem.status_code or 0)
    except (requests.RequestException, OSError, ValueError, VapidException, NotPublic) as problem:
        log.warning("The push service %s did not answer: %s", urlsplit(subscription.endpoint).hostname, problem)
        return False
    PushSubscription.objects.filter(pk=subscription.pk).update(pushed_at=timezone.now())
    return True


def refused(subscription: PushSubscription, status: int) -> bool:
    """A push service refused a message. A browser that is gone is forgotten. False if it may be tried again later."""
    host = urlsplit(subscription.endpoint).hostname
    log.warning("The push service %s refused a message for %s: %s", host, mark_of(subscription.endpoint), status)
    if status in GONE:
        subscription.delete()
    return 400 <= status < 500 and status != 429


def insist_on_public(endpoint: str) -> None:
    """Raise NotPublic where the address, which a browser gave, would reach into the home network."""
    parts = urlsplit(endpoint)
    found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    if not all(ipaddress.ip_address(entry[4][0]).is_global for entry in found):
        raise NotPublic(f"{parts.hostname} is an address of a private network")


def _key() -> Vapid:
    key = Vapid.from_raw(raw_private_key().encode())
    key.conf["no-strict"] = True  # it would refuse sites with a port, which families have
    return key


def _session() -> requests.Session:
    session = requests.Session()
    session.max_redirects = 0  # one could lead into the home network
    session.hooks["response"] = [_without_body]
    return session


def _without_body(answer: requests.Response, **_: Any) -> requests.Response:
    """What a push service writes beside its status is of no use, and could be without end."""
    answer.close()
    answer._content = b""
    answer._content_consumed = True
    return answer
