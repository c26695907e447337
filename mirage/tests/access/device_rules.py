"""The access rules of what devices and programs use, and of what users are told (rules.py)."""

from mirage.tests.access.arguments import Rule, device_pk, fixed, get, post, subscription_pk
from mirage.tests.access.world import EVERYBODY, NOBODY, OWNER, SIGNED_IN
from notices.push_keys import public_key

DEVICE_RULES: dict[str, Rule | list[Rule]] = {
    # WebDAV: programs with a password, never browsers (dav/tests say what each sees)
    "dav:dav": [get(NOBODY, fixed("")), get(NOBODY, fixed("Upload/a.jpg"))],
    "dav:dav_without_slash": get(NOBODY),
    "notices:notices": get(SIGNED_IN),
    "notices:bell": get(SIGNED_IN),
    "notices:seen": post(SIGNED_IN),
    "notices:wishes": [get(SIGNED_IN), post(SIGNED_IN, bell="share")],
    "notices:push": post(
        SIGNED_IN, endpoint="https://push.example.org/2", p256dh=lambda _: public_key(), auth="A" * 22
    ),
    "notices:push_end": post(SIGNED_IN),
    "notices:push_end_of": post(OWNER, subscription_pk),
    "notices:push_greet": post(OWNER, subscription_pk),
    "dav:devices": get(SIGNED_IN),
    "dav:connect": get(SIGNED_IN),
    "dav:device": get(OWNER, device_pk),
    "dav:revoke": post(OWNER, device_pk),
    "dav:let_in": get(NOBODY, fixed("made-up")),
    "dav:nextcloud_files": get(NOBODY, fixed("owner", "")),
    "dav:nextcloud_old_files": get(NOBODY, fixed("")),
    "dav:nextcloud_uploads": get(NOBODY, fixed("owner", "1")),
    "dav:nextcloud_status": get(EVERYBODY),
    "dav:nextcloud_connected": get(EVERYBODY),
    "dav:nextcloud_capabilities": get(EVERYBODY, fixed("1")),
    "dav:nextcloud_account": get(NOBODY, fixed("1")),
    "dav:nextcloud_user": get(NOBODY, fixed("1", "owner")),
    "dav:nextcloud_nothing": get(NOBODY, fixed("1", "apps/talk")),
    "dav:nextcloud_begin": post(EVERYBODY),
    "dav:nextcloud_poll": post(NOBODY, token="made-up"),
}
